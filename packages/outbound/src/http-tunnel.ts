import { request as requestOverHttp } from 'node:http';
import { request as requestOverHttps } from 'node:https';
import { type Socket } from 'node:net';

import { type Address, formatAddress } from './address.ts';
import { credentialsOf, ProxyError, refusedCredentials } from './proxy-error.ts';

/**
 * A connection to `target` through an `http:` or `https:` proxy, by CONNECT; the name is resolved by
 * the proxy, whose own certificate is verified. Rejects with {@link ProxyError}.
 */
export function openHttpTunnel(proxy: URL, target: Address, timeoutMs: number): Promise<Socket> {
  const request = proxy.protocol === 'https:' ? requestOverHttps : requestOverHttp;
  const credentials = credentialsOf(proxy);
  const authority = formatAddress(target);
  const connect = request({
    host: proxy.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    method: 'CONNECT',
    path: authority,
    agent: false,
    headers: {
      host: authority,
      ...(credentials ? { 'proxy-authorization': basic(credentials) } : {}),
    },
  });
  return new Promise((fulfil, reject) => {
    const fail = (what: string): void => reject(new ProxyError(proxy, what));
    connect.setTimeout(timeoutMs, () => {
      fail('does not answer in time');
      connect.destroy();
    });
    connect.once('error', (error) => {
      fail(`cannot be reached (${'code' in error ? String(error.code) : error.message})`);
    });
    connect.once('connect', ({ statusCode = 0 }, socket, head) => {
      connect.setTimeout(0);
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head);
        return fulfil(socket.setTimeout(0).setNoDelay(true));
      }
      socket.destroy();
      if (statusCode === 407) return reject(refusedCredentials(proxy));
      return fail(`does not connect to ${authority}: it answered ${statusCode}`);
    });
    connect.end();
  });
}

/** The authorization header of these credentials. */
export const basic = ({ username, password }: { username: string; password: string }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
