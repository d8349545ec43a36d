import { isIP } from 'node:net';

import { type Config } from '@aistudio/core';
import ipaddr from 'ipaddr.js';

import { type Address } from './address.ts';

/** The person's own proxies, and what goes around them. */
export interface ProxySettings {
  /** For encrypted connections and tunnels. */
  readonly httpsProxy?: URL | undefined;
  /** For unencrypted HTTP. */
  readonly httpProxy?: URL | undefined;
  /** As NO_PROXY lists them: names (with all below), `.name` or `*.name` (only those below), addresses, CIDR ranges, `*`; each with `:port` or for all. */
  readonly noProxy?: readonly string[];
}

/** What the settings say: UNIFIED_PROXY_CONFIG stands for both proxies. */
export function toProxySettings(
  config: Pick<Config, 'UNIFIED_PROXY_CONFIG' | 'HTTPS_PROXY' | 'HTTP_PROXY' | 'NO_PROXY'>,
): ProxySettings {
  return {
    httpsProxy: config.UNIFIED_PROXY_CONFIG ?? config.HTTPS_PROXY,
    httpProxy: config.UNIFIED_PROXY_CONFIG ?? config.HTTP_PROXY,
    noProxy: config.NO_PROXY,
  };
}

/** The proxy to a host, if any. This machine itself is never reached by way of a proxy. */
export function chooseProxy(
  settings: ProxySettings,
  target: Address,
  isEncrypted: boolean,
): URL | undefined {
  const proxy = isEncrypted ? settings.httpsProxy : settings.httpProxy;
  if (!proxy || isLoopback(target.host)) return undefined;
  const isExempt = settings.noProxy?.some((entry) => covers(entry, target));
  return isExempt ? undefined : proxy;
}

function isLoopback(host: string): boolean {
  if (isIP(host) !== 0) return ipaddr.process(host).range() === 'loopback';
  return /^(?:.+\.)?localhost\.?$/i.test(host);
}

/** Whether one entry of NO_PROXY means this host. */
function covers(entry: string, { host, port }: Address): boolean {
  const [, name = '', onlyPort] =
    /^(\[[^\]]*\]|[^:]*|[\da-f:.]*(?:\/\d+)?)(?::(\d+))?$/i.exec(entry.toLowerCase()) ?? [];
  if (name === '' || (onlyPort !== undefined && Number(onlyPort) !== port)) return false;
  if (name === '*') return true;
  const bare = name.replace(/^\[(.*)\]$/, '$1');
  const asked = host.toLowerCase();
  if (isIP(asked) !== 0) return coversAddress(bare, ipaddr.process(asked));
  const below = bare.replace(/^\*?\./, '');
  return asked.endsWith(`.${below}`) || asked === bare;
}

function coversAddress(entry: string, asked: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (ipaddr.isValidCIDR(entry)) {
    const [range, bits] = ipaddr.parseCIDR(entry);
    return range.kind() === asked.kind() && asked.match(range, bits);
  }
  return isIP(entry) !== 0 && ipaddr.process(entry).toString() === asked.toString();
}
