import { type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';

import { type Recording } from '@aistudio/recorder';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type RecordingServer, serveRecording } from './serve-recording.ts';

const RPC_HOST = 'rpc.clients6.google.com';
const call: Recording['calls'][number] = {
  method: 'GenerateContent',
  host: RPC_HOST,
  path: '/$rpc/Service/GenerateContent',
  tab: 'driver',
  atMs: 0,
  headMs: 1,
  endMs: 2,
  status: 429,
  contentType: 'application/json+protobuf',
  request: { json: ['models/gemini-2.5-pro'] },
  response: { json: [null, [8, 'qxz']] },
};
const recording: Recording = {
  format: 'aistudio-recording',
  version: 1,
  browser: 'chromium 150',
  language: 'en',
  steps: [
    {
      name: 'loaded',
      atMs: 0,
      path: '/prompts/new_chat',
      html: '<html><head></head><body><x-y><template shadowrootmode="open"><b>Run</b></template></x-y><script>1</script></body></html>',
    },
  ],
  calls: [call, { ...call, status: null, response: { missing: 'broken' } }],
  notes: [],
};

/** Asks the server by its own port for what is meant for another host. */
async function ask(
  port: number,
  address: string,
  method: string,
): Promise<{ answer: IncomingMessage; body: string; certificate: PeerCertificate }> {
  const { host, pathname, search } = new URL(address);
  return new Promise((resolve, reject) => {
    let certificate: PeerCertificate | undefined;
    const asked = request(
      {
        port,
        host: '127.0.0.1',
        path: pathname + search,
        method,
        servername: host,
        headers: { host },
        rejectUnauthorized: false, // it signs itself; the browser knows it by its key
        agent: false,
      },
      (answer) => {
        text(answer).then((body) => resolve({ answer, body, certificate: certificate! }), reject);
      },
    );
    asked.on('socket', (socket) => {
      socket.on('secureConnect', () => {
        if ('getPeerCertificate' in socket && typeof socket.getPeerCertificate === 'function') {
          certificate = socket.getPeerCertificate() as PeerCertificate;
        }
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

let server: RecordingServer;
beforeAll(async () => {
  server = await serveRecording(recording);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe('a served recording', () => {
  it('answers for the real host names, as they were recorded', async () => {
    expect(server.hosts).toEqual(['aistudio.google.com', RPC_HOST]);
    const url = server.callUrl(recording.calls[0]!);
    expect(url).toMatch(`https://${RPC_HOST}/$rpc/Service/GenerateContent`);
    const { answer, body, certificate } = await ask(server.port, url, 'POST');
    expect([answer.statusCode, JSON.parse(body)]).toEqual([429, [null, [8, 'qxz']]]);
    expect(answer.headers['access-control-allow-origin']).toBe('https://aistudio.google.com');
    for (const host of server.hosts) expect(checkServerIdentity(host, certificate)).toBeUndefined();
  });

  it('gives each step as a document whose scripts do not run', async () => {
    const { answer, body } = await ask(server.port, server.stepUrl(recording.steps[0]!), 'GET');
    expect(answer.headers['content-security-policy']).toMatch(
      /default-src 'none'.*script-src 'unsafe-eval'/,
    );
    expect(body.match(/<style>/g)).toHaveLength(2); // in the head, and in the shadow root
  });

  it('breaks off what was never answered, and knows nothing else', async () => {
    const broken = ask(server.port, server.callUrl(recording.calls[1]!), 'POST');
    await expect(broken).rejects.toThrow('socket hang up');
    const other = await ask(server.port, 'https://aistudio.google.com/apps', 'GET');
    expect(other.answer.statusCode).toBe(404);
  });
});
