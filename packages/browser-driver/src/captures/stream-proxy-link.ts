import { type IncomingMessage, request } from 'node:http';

import {
  deadline,
  type Log,
  PROXY_HOME,
  PROXY_ID_HEADER,
  readStatuses,
  StreamProxyDetail,
} from '@aistudio/core';
import { type Redis } from 'ioredis';

import { pause } from '../waiting.ts';

/** How often to look whether the proxy is there, ms. */
const LOOK_MS = 1000;
/** How long to wait at the start for a proxy that is starting too, ms. */
const START_MS = 5000;
/** Longest time for the proxy to say which one it is, ms. */
const ASK_MS = 2000;

/** Where pages find their stream proxy: STREAM_HOST and STREAM_PORT. */
export interface ProxyAddress {
  readonly host: string;
  readonly port: number;
}

/** Whether the stream proxy at one address lives, as its signs of life tell. */
export interface StreamProxyLink extends AsyncDisposable {
  /** The proxy to go through; undefined while there is none, or it stops. */
  readonly current: StreamProxyDetail | undefined;
  /** Whether there is a proxy that tells what passes, if only of what passes already. */
  readonly isUp: boolean;
  /** Calls `look` whenever a proxy came, went, or has another key. */
  watch(look: () => void): void;
}

/** What a link needs. `ask` gives the id of the proxy at the address; undefined: none answers. */
export interface LinkOptions {
  readonly redis: Redis;
  readonly address: ProxyAddress;
  readonly ask?: (address: ProxyAddress) => Promise<string | undefined>;
  readonly log: Log;
}

/**
 * Looks for the proxy again and again; resolves once there is one, or after some seconds. There may be
 * several around one Redis: ours is the one that answers at the address.
 */
export async function linkStreamProxy(options: LinkOptions): Promise<StreamProxyLink> {
  const { redis, address, ask = askForId, log } = options;
  const closing = new AbortController();
  const watching = new Set<() => void>();
  /** The proxy that was last found at the address. */
  let found: StreamProxyDetail | undefined;
  let current: StreamProxyDetail | undefined;

  const find = async (): Promise<StreamProxyDetail | undefined> => {
    const living = await readProxies(redis);
    const known = living.find(({ id }) => id === found?.id);
    if (living.length === 0 || known?.isDraining === false) return known;
    const id = await ask(address); // another has taken its place, perhaps
    const next = living.find((one) => one.id === id);
    if (!next && !known && found)
      log.warn('the proxy at our address is a stranger', { ...address });
    return next ?? known;
  };
  const look = async (): Promise<void> => {
    found = await find().catch(() => found); // Redis is away: as before
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

async function readProxies(redis: Redis): Promise<StreamProxyDetail[]> {
  const statuses = await readStatuses(redis);
  return statuses.flatMap(({ kind, ready, detail }) => {
    const { data } = StreamProxyDetail.safeParse(detail);
    return kind === 'stream-proxy' && ready && data ? [data] : [];
  });
}

/** Asks whoever listens there: a stream proxy refuses the request, and says who it is. */
export async function askForId({ host, port }: ProxyAddress): Promise<string | undefined> {
  using limit = deadline(ASK_MS);
  const asking = request({
    host,
    port,
    path: PROXY_HOME,
    agent: false,
    signal: limit.signal,
  });
  try {
    const replied = new Promise<IncomingMessage>((resolve, reject) => {
      asking.once('response', resolve);
      asking.once('error', reject);
    });
    asking.end();
    const response = await replied;
    response.resume();
    return response.headers[PROXY_ID_HEADER]?.toString();
  } catch {
    return undefined; // nobody listens there, or does not answer
  } finally {
    asking.destroy();
  }
}
