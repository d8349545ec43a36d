import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';

import { createOutbound } from '@aistudio/outbound';
import { silentLog } from '@aistudio/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type Certificates, openCertificates } from './certificates.ts';
import { slotOf } from './credentials.ts';
import { listen, type StreamProxy } from './proxy.ts';
import { createUpstream, type Upstream } from './upstream.ts';

const HOST = 'read.example';

let directory: string;
let certificates: Certificates;
let upstream: Upstream;
let proxy: StreamProxy;
let tapped: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aistudio-proxy-'));
  certificates = await openCertificates(directory);
  // The real host does not answer: whose request it was is known before.
  upstream = createUpstream({
    outbound: createOutbound({ resolve: { [`${HOST}:443`]: '127.0.0.1:1' } }),
  });
  tapped = [];
  proxy = await listen({
    id: 'this one',
    host: '127.0.0.1',
    port: 0,
    intercepted: HOST,
    certificates,
    upstream,
    authenticate: async (header) => slotOf(header),
    openTap: ({ slot, url }) => {
      tapped.push(`${slot} ${url}`);
      return undefined;
    },
    log: silentLog,
  });
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
  await rm(directory, { recursive: true });
});

/** A connection of this slot to the host, through the proxy. */
async function open(slot: string, from: { address: string; port?: number }): Promise<TLSSocket> {
  const { address: localAddress, port: localPort } = from;
  const socket = connect({
    host: '127.0.0.1',
    port: proxy.port,
    localAddress,
    ...(localPort === undefined ? {} : { localPort }),
  });
  await once(socket, 'connect');
  const credentials = Buffer.from(`${slot}:secret`).toString('base64');
  socket.write(`CONNECT ${HOST}:443 HTTP/1.1\r\nproxy-authorization: Basic ${credentials}\r\n\r\n`);
  await once(socket, 'data');
  const tls = connectTls({ socket, servername: HOST, ca: certificates.ca });
  await once(tls, 'secureConnect');
  return tls;
}

/** Asks for this path, and waits for the answer's head. */
async function ask(tls: Socket, path: string): Promise<void> {
  tls.write(`GET ${path} HTTP/1.1\r\nhost: ${HOST}\r\n\r\n`);
  await once(tls, 'data');
}

describe('the stream proxy', () => {
  it('tells connections of two addresses apart that have one port number', async () => {
    const first = await open('first', { address: '127.0.0.1' });
    const port = first.localPort!;
    const second = await open('second', { address: '127.0.0.2', port });
    await ask(first, '/1');
    await ask(second, '/2');
    expect(tapped).toEqual(['first /1', 'second /2']);
    second.destroy();
    await once(second, 'close');
    await ask(first, '/3');
    expect(tapped.at(-1)).toBe('first /3');
    first.destroy();
  });
});
