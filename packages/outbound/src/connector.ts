import { type LookupFunction } from 'node:net';

import { buildConnector } from 'undici';

import { type Address } from './address.ts';
import { type Outbound } from './outbound.ts';

/** How undici's connections are opened. */
export interface ConnectorOptions {
  /** Longest time to connect, ms. */
  readonly timeout: number;
  /** Finds the addresses of a host that is reached directly. */
  readonly lookup?: LookupFunction;
  /** Looks at a host before a proxy is asked for it; what it throws ends the attempt. */
  readonly check?: (target: Address) => Promise<unknown>;
}

/** Undici's `connect`: as ever where there is no proxy for a host, else through it. */
export function createConnector(
  outbound: Outbound,
  { timeout, lookup, check }: ConnectorOptions,
): buildConnector.connector {
  const direct = buildConnector({ timeout, ...(lookup ? { lookup } : {}) });
  return (asked, callback) => {
    const isEncrypted = asked.protocol === 'https:';
    const target = { host: asked.hostname, port: Number(asked.port || (isEncrypted ? 443 : 80)) };
    if (!outbound.isProxied(target, isEncrypted)) return direct(asked, callback);
    const open = async (): Promise<void> => {
      await check?.(target);
      const socket = await outbound.connect(target, { isEncrypted, timeoutMs: timeout });
      if (isEncrypted) direct({ ...asked, httpSocket: socket }, callback);
      else callback(null, socket);
    };
    open().catch((error: unknown) => {
      // oxlint-disable-next-line promise/no-callback-in-promise -- undici asks by callback
      callback(error instanceof Error ? error : new Error(String(error)), null);
    });
  };
}
