import { type Socket } from 'node:net';

import { SocksClient, type SocksClientOptions } from 'socks';

import { type Address, formatAddress } from './address.ts';
import { credentialsOf, ProxyError, refusedCredentials } from './proxy-error.ts';

const DEFAULT_PORT = 1080;

/**
 * A connection to `target` through a SOCKS 5 proxy, which resolves the name. Rejects with
 * {@link ProxyError}.
 */
export async function openSocksTunnel(
  proxy: URL,
  target: Address,
  timeoutMs: number,
): Promise<Socket> {
  const credentials = credentialsOf(proxy);
  const options: SocksClientOptions = {
    command: 'connect',
    destination: target,
    timeout: timeoutMs,
    set_tcp_nodelay: true,
    proxy: {
      host: proxy.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(proxy.port || DEFAULT_PORT),
      type: 5,
      ...(credentials ? { userId: credentials.username, password: credentials.password } : {}),
    },
  };
  try {
    return (await SocksClient.createConnection(options)).socket;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (/authenticat/i.test(message)) throw refusedCredentials(proxy);
    if (/rejected/i.test(message)) {
      const reason = /- (\w+)/.exec(message)?.[1] ?? 'refused';
      throw new ProxyError(proxy, `does not connect to ${formatAddress(target)}: ${reason}`);
    }
    throw new ProxyError(proxy, `cannot be reached (${message})`);
  }
}
