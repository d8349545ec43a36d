import { type Socket } from 'node:net';
import { type Duplex } from 'node:stream';

const REASONS = {
  400: 'Bad Request',
  407: 'Proxy Authentication Required',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
} as const;

/** The header that asks a browser for a proxy's credentials. */
export const CHALLENGE = {
  'proxy-authenticate': 'Basic realm="AI Studio Proxy API", charset="UTF-8"',
};

/** The answer to a CONNECT that is granted. */
export const GRANTED = 'HTTP/1.1 200 Connection Established\r\n\r\n';

/** Answers a CONNECT with a refusal. */
export function refuseTunnel(client: Duplex, status: keyof typeof REASONS): void {
  const challenge =
    status === 407 ? `Proxy-Authenticate: ${CHALLENGE['proxy-authenticate']}\r\n` : '';
  client.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\n${challenge}Content-Length: 0\r\nConnection: close\r\n\r\n`,
  );
}

/** Grants a CONNECT and joins both ends; when one goes, so does the other. */
export function joinTunnel(client: Socket, host: Socket): void {
  host.on('error', () => host.destroy());
  host.once('close', () => client.destroy());
  client.once('close', () => host.destroy());
  if (client.destroyed) host.destroy();
  client.write(GRANTED);
  client.pipe(host);
  host.pipe(client);
}
