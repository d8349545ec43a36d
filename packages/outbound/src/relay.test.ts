import { once } from 'node:events';
import { request as requestOverHttp } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';

import { PROXY_HOME } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { startTestProxy } from '@aistudio/testing';
import { expect, it } from '@jest/globals';

import { basic } from './http-tunnel.ts';
import { createOutbound } from './outbound.ts';
import { listenRelay } from './relay.ts';

/** Asks a proxy for a tunnel as Chromium does. */
async function connect(
  server: string,
  path: string,
  authorization?: string,
): Promise<{ status: number | undefined; socket: Socket }> {
  const headers = authorization === undefined ? {} : { 'proxy-authorization': authorization };
  const { hostname: host, port } = new URL(server);
  const request = requestOverHttp({ host, port, method: 'CONNECT', path, headers }).end();
  const [response, socket] = await once(request, 'connect');
  return { status: response.statusCode, socket };
}

it('passes tunnels on to the person’s proxy for whoever knows its credentials', async () => {
  await using site = createServer((socket) => void socket.end('from afar'));
  await once(site.listen(0, '127.0.0.1'), 'listening');
  const { port } = site.address() as AddressInfo;
  await using proxy = await startTestProxy({
    protocol: 'socks5',
    credentials: { username: 'me', password: 'secret' },
    find: ({ host }) => (host === 'far.test' ? { host: '127.0.0.1', port } : undefined),
  });
  const outbound = createOutbound({ httpsProxy: proxy.url });
  await using relay = await listenRelay(outbound, silentLog);
  const authorization = basic(relay);

  for (const wrong of [undefined, 'Basic x', basic({ username: 'browser', password: '' })]) {
    const { status, socket } = await connect(relay.server, 'far.test:443', wrong);
    expect(status).toBe(407);
    socket.destroy();
  }
  expect(proxy.asked).toEqual([]);

  const { status, socket } = await connect(relay.server, 'far.test:443', authorization);
  expect(status).toBe(200);
  expect(String(await once(socket, 'data'))).toBe('from afar');
  expect((await connect(relay.server, 'lost.test:443', authorization)).status).toBe(502);
  expect((await connect(relay.server, 'nonsense', authorization)).status).toBe(400);
});

it('lets in whoever shows its credentials at its own address, and relays nothing that is not encrypted', async () => {
  await using relay = await listenRelay(createOutbound({}), silentLog);
  const { hostname: host, port } = new URL(relay.server);
  const ask = async (path: string, headers: Record<string, string>): Promise<number> => {
    const [response] = await once(requestOverHttp({ host, port, path, headers }).end(), 'response');
    response.resume();
    return response.statusCode;
  };
  const known = { 'proxy-authorization': basic(relay) };
  expect(await ask(PROXY_HOME, {})).toBe(407);
  expect(await ask(PROXY_HOME, known)).toBe(200);
  expect(await ask('http://site.test/', known)).toBe(501);
});
