import { createSecureServer } from 'node:http2';
import { type AddressInfo } from 'node:net';

import { type Certificates } from '../certificates.ts';
import { type Exchange, reply, type Request, type Response, toExchange } from './exchange.ts';

/** A server that listens. Disposing closes it and every connection. */
export interface Listening extends AsyncDisposable {
  readonly port: number;
}

/** Listens for HTTPS, h2 and HTTP/1.1 on one port. What `serve` throws is told and answered with 500. */
export async function listenHttps(
  { key, chain }: Certificates,
  where: { readonly port: number; readonly host: string },
  serve: (exchange: Exchange) => Promise<void>,
  onError: (error: unknown) => void,
): Promise<Listening> {
  const server = createSecureServer({ allowHTTP1: true, noDelay: true, key, cert: chain });
  const open = new Set<{ destroy(): void }>();
  const keep = (connection: { destroy(): void; once(event: 'close', f: () => void): unknown }) => {
    open.add(connection);
    connection.once('close', () => open.delete(connection));
  };
  server.on('session', keep);
  server.on('connection', keep);
  server.on('request', (request: Request, response: Response) => {
    const exchange = toExchange(request, response);
    serve(exchange).catch((error: unknown) => {
      if (exchange.signal.aborted) return; // the client left; nothing to answer
      onError(error);
      if (!response.headersSent) reply(exchange, 500, 'The simulator failed.');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where.port, where.host, resolve);
  });
  return {
    port: portOf(server),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of open) connection.destroy();
      await closed;
    },
  };
}

/** Where a listening server listens. */
export function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
