import { readStatuses } from '@aistudio/core';
import { type Redis } from 'ioredis';
import { z } from 'zod';

import { pause } from '../waiting.ts';

/** How often to look whether the proxy is there, ms. */
const LOOK_MS = 1000;
/** How long to wait at the start for a proxy that is starting too, ms. */
const START_MS = 5000;

/** What the stream proxy says of itself (architecture.md, What may be intercepted). */
const ProxyDetail = z.object({ port: z.int(), spki: z.string() });
export type ProxyDetail = z.infer<typeof ProxyDetail>;

/** Whether the stream proxy lives, as its signs of life tell. */
export interface StreamProxyLink extends AsyncDisposable {
  /** The running proxy; undefined while there is none. */
  readonly current: ProxyDetail | undefined;
  /** Calls `look` whenever a proxy came, went, or has another key. */
  watch(look: () => void): void;
}

/** Looks for the proxy again and again; resolves once there is one, or after some seconds. */
export async function linkStreamProxy(redis: Redis): Promise<StreamProxyLink> {
  const closing = new AbortController();
  const watching = new Set<() => void>();
  let current: ProxyDetail | undefined;
  const look = async (): Promise<void> => {
    const found = await findStreamProxy(redis).catch(() => current); // Redis is away: as before
    const isNew = found?.spki !== current?.spki;
    current = found;
    if (isNew) for (const tell of watching) tell();
  };
  const keepLooking = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await pause(LOOK_MS, closing.signal);
      await look();
    }
  };
  const giveUpAt = Date.now() + START_MS;
  const isAwaited = (): boolean => current === undefined && Date.now() < giveUpAt;
  for (await look(); isAwaited(); await look()) await pause(LOOK_MS / 5, closing.signal);
  const looking = keepLooking();
  return {
    get current() {
      return current;
    },
    watch: (tell) => void watching.add(tell),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await looking;
    },
  };
}

async function findStreamProxy(redis: Redis): Promise<ProxyDetail | undefined> {
  for (const { kind, ready, detail } of await readStatuses(redis)) {
    const parsed = ProxyDetail.safeParse(detail);
    if (kind === 'stream-proxy' && ready && parsed.success) return parsed.data;
  }
  return undefined;
}
