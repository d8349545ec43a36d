import { readStatuses } from '@aistudio/core';
import { type Redis } from 'ioredis';
import { z } from 'zod';

import { pause } from '../waiting.ts';

/** How often to look whether the proxy is there, ms. */
const LOOK_MS = 1000;
/** How long to wait at the start for a proxy that is starting too, ms. */
const START_MS = 5000;

/** What the stream proxy says of itself (architecture.md, What may be intercepted). */
const ProxyDetail = z.object({
  port: z.int(),
  spki: z.string(),
  /** Whether it stops: what passes goes on, nothing new is to go through it. */
  isDraining: z.boolean().default(false),
});
export type ProxyDetail = z.infer<typeof ProxyDetail>;

/** Whether the stream proxy lives, as its signs of life tell. */
export interface StreamProxyLink extends AsyncDisposable {
  /** The proxy to go through; undefined while there is none, or it stops. */
  readonly current: ProxyDetail | undefined;
  /** Whether there is a proxy that tells what passes, if only of what passes already. */
  readonly isUp: boolean;
  /** Calls `look` whenever a proxy came, went, or has another key. */
  watch(look: () => void): void;
}

/** Looks for the proxy again and again; resolves once there is one, or after some seconds. */
export async function linkStreamProxy(redis: Redis): Promise<StreamProxyLink> {
  const closing = new AbortController();
  const watching = new Set<() => void>();
  let found: ProxyDetail | undefined;
  let current: ProxyDetail | undefined;
  const look = async (): Promise<void> => {
    found = await findStreamProxy(redis).catch(() => found); // Redis is away: as before
    const next = found?.isDraining === true ? undefined : found;
    const isNew = next?.spki !== current?.spki;
    current = next;
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
    get isUp() {
      return found !== undefined;
    },
    watch: (tell) => void watching.add(tell),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await looking;
    },
  };
}

/** One that goes on is preferred to one that stops. */
async function findStreamProxy(redis: Redis): Promise<ProxyDetail | undefined> {
  const found = (await readStatuses(redis)).flatMap(({ kind, ready, detail }) => {
    const parsed = ProxyDetail.safeParse(detail);
    return kind === 'stream-proxy' && ready && parsed.success ? [parsed.data] : [];
  });
  return found.find(({ isDraining }) => !isDraining) ?? found[0];
}
