import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { type Duplex } from 'node:stream';

import { type Log, PROXY_HOME, PROXY_ID_HEADER } from '@aistudio/core';
import {
  type Address,
  CHALLENGE,
  GRANTED,
  joinTunnel,
  parseAddress,
  ProxyError,
  refuseTunnel,
} from '@aistudio/outbound';

import { type Certificates } from './certificates.ts';
import { type Authenticate } from './credentials.ts';
import { Interceptor, type OpenTap } from './interceptor.ts';
import { type Upstream } from './upstream.ts';

/** What the proxy is made of. */
export interface StreamProxyOptions {
  /** Tells this proxy from all others; whoever reaches the port may know it. */
  readonly id: string;
  readonly host: string;
  /** 0: any free one */
  readonly port: number;
  /** Whose traffic is read, on port 443; every other host is tunnelled untouched. */
  readonly intercepted: string;
  /** Further hosts, on the same port. */
  readonly alsoIntercepted?: (host: string) => boolean;
  readonly certificates: Certificates;
  readonly upstream: Upstream;
  readonly authenticate: Authenticate;
  readonly openTap: OpenTap;
  readonly log: Log;
}

/** A listening proxy; disposing it drops every connection. */
export interface StreamProxy extends AsyncDisposable {
  readonly port: number;
  /** Takes no more connections from now on; those there are go on. */
  stopListening(): void;
}

/**
 * Starts the proxy. Every request needs a slot's credentials, or is answered 407; that reply says which
 * proxy this is ({@link PROXY_ID_HEADER}).
 */
export async function listen(options: StreamProxyOptions): Promise<StreamProxy> {
  const { authenticate, upstream, log } = options;
  const interceptor = new Interceptor(options);
  const server = createServer({ maxHeaderSize: 64 * 1024 });
  const sockets = new Set<Socket>();

  const isKnown = async (request: IncomingMessage): Promise<boolean | undefined> => {
    try {
      return (await authenticate(request.headers['proxy-authorization'])) !== undefined;
    } catch (error) {
      log.warn('credentials not checked', { error });
      return undefined;
    }
  };

  const onConnect = async (request: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on('error', () => client.destroy());
    const known = await isKnown(request);
    if (!known) return refuseTunnel(client, known === undefined ? 503 : 407);
    const target = tryParse(request.url);
    if (!target || !(client instanceof Socket)) return refuseTunnel(client, 400);
    if (head.length > 0) client.unshift(head);
    const isRead = target.host === options.intercepted || options.alsoIntercepted?.(target.host);
    if (isRead && target.port === 443) {
      client.write(GRANTED);
      return interceptor.accept(client, request, target);
    }
    try {
      joinTunnel(client, await upstream.connect(target));
    } catch (error) {
      const level = error instanceof ProxyError ? 'warn' : 'debug'; // a person must mend a proxy
      log.log(level, 'host not reached', { host: target.host, error });
      refuseTunnel(client, 502);
    }
  };

  const onRequest = async (request: IncomingMessage, response: ServerResponse) => {
    const known = await isKnown(request);
    const identity = { [PROXY_ID_HEADER]: options.id };
    if (known && request.url?.startsWith(PROXY_HOME)) response.writeHead(200, identity).end();
    else if (known) interceptor.forward(request, response);
    else if (known === undefined) response.writeHead(503, identity).end();
    else response.writeHead(407, { ...CHALLENGE, ...identity }).end();
  };

  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (request, client, head) => void onConnect(request, client, head));
  server.on('request', (request, response) => void onRequest(request, response));
  server.listen({ host: options.host, port: options.port });
  await once(server, 'listening');
  const closed = once(server, 'close');
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a TCP server's address is
    port: (server.address() as AddressInfo).port,
    stopListening: () => void server.close(),
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function tryParse(authority: string | undefined): Address | undefined {
  try {
    return parseAddress(authority ?? '');
  } catch {
    return undefined;
  }
}
