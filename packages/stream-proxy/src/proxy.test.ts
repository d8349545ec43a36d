import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

import { PROXY_ID_HEADER } from '@aistudio/core';
import { createOutbound } from '@aistudio/outbound';
import { silentLog } from '@aistudio/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type Certificates } from './certificates.ts';
import { type Authenticate, slotOf } from './credentials.ts';
import { listen, type StreamProxy } from './proxy.ts';
import { createUpstream, type Upstream } from './upstream.ts';

const CREDENTIALS = `Basic ${Buffer.from('slot-1:secret').toString('base64')}`;

let upstream: Upstream;
let proxy: StreamProxy;
let certified: string[];
const known: Authenticate = async (header) => slotOf(header);

async function start(authenticate: Authenticate = known): Promise<void> {
  certified = [];
  upstream = createUpstream({
    outbound: createOutbound({ resolve: { 'also.example:444': '127.0.0.1:1' } }),
  });
  const certificates = {
    forHost(host: string) {
      certified.push(host);
      return { key: '', cert: '' };
    },
  };
  proxy = await listen({
    id: 'this one',
    host: '127.0.0.1',
    port: 0,
    intercepted: 'read.example',
    alsoIntercepted: (host) => host === 'also.example',
    certificates: certificates as unknown as Certificates,
    upstream,
    authenticate,
    openTap: () => undefined,
    log: silentLog,
  });
}
beforeEach(() => start());
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
});

/** Asks for a tunnel; gives the connection, and the proxy's first words. */
async function connectTo(
  target: string,
  credentials = CREDENTIALS,
): Promise<{ socket: Socket; reply: string }> {
  const socket = connect({ host: '127.0.0.1', port: proxy.port });
  socket.on('error', () => undefined);
  socket.write(`CONNECT ${target} HTTP/1.1\r\nproxy-authorization: ${credentials}\r\n\r\n`);
  const [reply] = (await once(socket, 'data')) as [Buffer];
  return { socket, reply: reply.toString() };
}
const statusOf = (reply: string): number => Number(reply.split(' ')[1]);
const restart = async (authenticate: Authenticate): Promise<void> => {
  await proxy[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
  await start(authenticate);
};
const unknowable: Authenticate = () => Promise.reject(new Error('Redis is away'));

/** A server that says back what it hears. */
async function startEcho() {
  const server = createServer((socket) => socket.pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

describe('a tunnel', () => {
  it('leads to any host that is not read, untouched, with what was sent ahead', async () => {
    const { server, port } = await startEcho();
    const socket = connect({ host: '127.0.0.1', port: proxy.port });
    const head = `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nproxy-authorization: ${CREDENTIALS}\r\n\r\n`;
    socket.write(`${head}ahead`);
    let heard = '';
    for await (const bytes of socket) {
      heard += String(bytes);
      if (heard.endsWith('ahead')) break;
    }
    expect(statusOf(heard)).toBe(200);
    expect(certified).toEqual([]);
    server.close();
  });

  it('is not given to who has no slot’s credentials, nor where they cannot be checked', async () => {
    expect(statusOf((await connectTo('127.0.0.1:9', 'Basic nonsense')).reply)).toBe(407);
    await restart(unknowable);
    expect(statusOf((await connectTo('127.0.0.1:9')).reply)).toBe(503);
  });

  it('leads nowhere without an address, or where nobody answers', async () => {
    expect(statusOf((await connectTo('nowhere')).reply)).toBe(400);
    const { server, port } = await startEcho();
    server.close();
    await once(server, 'close');
    expect(statusOf((await connectTo(`127.0.0.1:${port}`)).reply)).toBe(502);
  });
});

describe('a host that is read', () => {
  it.each(['read.example', 'also.example'])('is %s, on the port of HTTPS', async (host) => {
    expect(statusOf((await connectTo(`${host}:443`)).reply)).toBe(200);
    expect(certified).toEqual([host]);
  });

  it('is tunnelled like any other on another port', async () => {
    expect(statusOf((await connectTo('also.example:444')).reply)).toBe(502);
    expect(certified).toEqual([]);
  });
});

describe('a plain request', () => {
  const ask = async (headers: Record<string, string>, path: string): Promise<IncomingMessage> => {
    const asked = request({ host: '127.0.0.1', port: proxy.port, path, headers, agent: false });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    return response;
  };

  it('is relayed for a slot alone; the refusal says which proxy this is', async () => {
    const service = createHttpServer((_request, response) => void response.end());
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`;
    expect((await ask({ 'proxy-authorization': CREDENTIALS }, url)).statusCode).toBe(200);
    const refused = await ask({}, url);
    expect([refused.statusCode, refused.headers[PROXY_ID_HEADER]]).toEqual([407, 'this one']);
    expect(refused.headers['proxy-authenticate']).toMatch(/^Basic/);
    await restart(unknowable);
    const unchecked = await ask({}, url);
    expect([unchecked.statusCode, unchecked.headers[PROXY_ID_HEADER]]).toEqual([503, 'this one']);
    service.closeAllConnections();
    service.close();
  });
});

describe('a proxy that stops', () => {
  it('takes no more connections, and lets those there are go on', async () => {
    const { server, port } = await startEcho();
    const { socket } = await connectTo(`127.0.0.1:${port}`);
    proxy.stopListening();
    const late = connect({ host: '127.0.0.1', port: proxy.port });
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    socket.write('still there');
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(bytes.toString()).toBe('still there');
    const closed = once(socket, 'close');
    await proxy[Symbol.asyncDispose]();
    await closed;
    server.close();
    await start();
  });
});
