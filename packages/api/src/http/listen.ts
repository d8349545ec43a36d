import { once } from 'node:events';
import { type Server } from 'node:http';

/**
 * Has the server listen; port 0 takes any free one. Rejects when the address is taken. Disposing it
 * cuts open streams, so that their jobs are cancelled.
 */
export async function listen(
  server: Server,
  host: string,
  port: number,
): Promise<{ readonly url: string } & AsyncDisposable> {
  server.listen(port, host);
  await once(server, 'listening'); // rejects on 'error'
  const address = server.address();
  const actual = typeof address === 'object' ? address?.port : undefined; // a pipe has a string
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
