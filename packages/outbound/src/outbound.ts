import { connect, type Socket } from 'node:net';

import { type Address, formatAddress, parseAddress } from './address.ts';
import { openHttpTunnel } from './http-tunnel.ts';
import { chooseProxy, type ProxySettings } from './proxy-choice.ts';
import { openSocksTunnel } from './socks-tunnel.ts';

const CONNECT_TIMEOUT_MS = 15_000;

/** How the outside is reached. */
export interface OutboundOptions extends ProxySettings {
  /** `host:port` → `ip:port`: connect there instead, around any proxy (AI_STUDIO_RESOLVE). */
  readonly resolve?: Readonly<Record<string, string>>;
}

/** How one connection is opened. */
export interface ConnectOptions {
  /** Whether HTTP_PROXY or HTTPS_PROXY is in charge. Default true: the latter. */
  readonly isEncrypted?: boolean;
  /** Default 15 s. */
  readonly timeoutMs?: number;
}

/** The way to the outside: direct, or through the person's own proxy. */
export interface Outbound {
  /** Whether any proxy is set. */
  readonly hasProxy: boolean;
  /** Whether this host is reached through a proxy. */
  isProxied(target: Address, isEncrypted?: boolean): boolean;
  /**
   * A plain TCP connection. Rejects with `ProxyError` where a proxy does not get us through, with
   * Node's own error where there is none, and when it takes too long.
   */
  connect(target: Address, options?: ConnectOptions): Promise<Socket>;
}

/** Connects as the settings say. */
export function createOutbound(options: OutboundOptions): Outbound {
  const { httpProxy, httpsProxy, resolve = {} } = options;
  const mapped = ({ host, port }: Address): string | undefined =>
    resolve[formatAddress({ host: host.toLowerCase(), port })];
  const proxyTo = (target: Address, isEncrypted: boolean): URL | undefined =>
    mapped(target) === undefined ? chooseProxy(options, target, isEncrypted) : undefined;

  return {
    hasProxy: httpProxy !== undefined || httpsProxy !== undefined,
    isProxied: (target, isEncrypted = true) => proxyTo(target, isEncrypted) !== undefined,
    connect(target, { isEncrypted = true, timeoutMs = CONNECT_TIMEOUT_MS } = {}) {
      const proxy = proxyTo(target, isEncrypted);
      if (proxy?.protocol.startsWith('socks')) return openSocksTunnel(proxy, target, timeoutMs);
      if (proxy) return openHttpTunnel(proxy, target, timeoutMs);
      const instead = mapped(target);
      return connectDirectly(instead === undefined ? target : parseAddress(instead), timeoutMs);
    },
  };
}

function connectDirectly(address: Address, timeoutMs: number): Promise<Socket> {
  return new Promise((fulfil, reject) => {
    const socket = connect({ ...address, noDelay: true });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no answer in time')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.setTimeout(0);
      fulfil(socket);
    });
  });
}
