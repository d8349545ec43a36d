import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { type Duplex } from 'node:stream';

import { type Log, PROXY_HOME } from '@aistudio/core';

import { type Address, parseAddress } from './address.ts';
import { basic } from './http-tunnel.ts';
import { type Outbound } from './outbound.ts';
import { CHALLENGE, joinTunnel, refuseTunnel } from './tunnel.ts';

/** A proxy on loopback for the browser, as Playwright's `proxy` option wants it. */
export interface Relay extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly server: string;
  readonly username: string;
  readonly password: string;
}

/**
 * Lets a browser reach the outside as we do: it passes tunnels on, unread. Chromium itself sends no
 * credentials to SOCKS proxies, and would read NO_PROXY in its own way. Whoever connects needs the
 * credentials, or is answered 407.
 */
export async function listenRelay(outbound: Outbound, log: Log): Promise<Relay> {
  const username = 'browser';
  const password = randomBytes(24).toString('base64url');
  const expected = Buffer.from(basic({ username, password }));
  const isKnown = (given: string | undefined): boolean => {
    const bytes = Buffer.from(given ?? '');
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  };
  const open = async (client: Duplex, authority: string | undefined): Promise<void> => {
    let target: Address;
    try {
      target = parseAddress(authority ?? '');
    } catch {
      return refuseTunnel(client, 400);
    }
    try {
      const host = await outbound.connect(target);
      if (client instanceof Socket) joinTunnel(client, host);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn('host not reached', { host: target.host, reason });
      refuseTunnel(client, 502);
    }
  };

  const server = createServer(({ url, headers }, response) => {
    if (!isKnown(headers['proxy-authorization'])) response.writeHead(407, CHALLENGE).end();
    else response.writeHead(url?.startsWith(PROXY_HOME) ? 200 : 501).end(); // only tunnels: AI Studio is all encrypted
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (request, client, head) => {
    client.on('error', () => client.destroy());
    if (!isKnown(request.headers['proxy-authorization'])) return refuseTunnel(client, 407);
    if (head.length > 0) client.unshift(head);
    void open(client, request.url);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a TCP server's address is
  const { port } = server.address() as AddressInfo;
  return {
    server: `http://127.0.0.1:${port}`,
    username,
    password,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
