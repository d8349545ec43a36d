import { setTimeout as delay } from 'node:timers/promises';

import { connectRedis, deadline, type Log, names, type RedisConnection } from '@aistudio/core';

/** How often it is looked whether anything is to be forgotten, ms. */
const LOOK_MS = 60_000;
/** While there always are prompts, the file is rewritten this often all the same, ms. */
const LONGEST_MS = 600_000;
/** Captures, and the streams of jobs, expire ten minutes after their last event; ms with some room. */
const ANSWERS_MS = 660_000;
/** How long a rewrite at the end may take, ms. */
const LAST_REWRITE_MS = 5000;
const POLL_MS = 20;

/** What of people's words the append-only file may hold. */
type Holding = 'prompts and answers' | 'answers' | 'nothing';

/**
 * Keeps prompts and answers from staying on the disk: an append-only file holds whatever was written, also
 * what was deleted since. It is rewritten at the start, within a minute of the time when the last prompt
 * is answered, again when its answer has expired, and when this is disposed, which is to be after all who
 * use Redis and before Redis stops.
 */
export async function forgetPrompts(
  url: string,
  log: Log,
  { everyMs = LOOK_MS, answersMs = ANSWERS_MS } = {},
): Promise<AsyncDisposable> {
  const redis = await connectRedis(url);
  let holding: Holding = 'nothing';
  let seen: string | null | undefined;
  let activeAt = -Infinity;
  let rewrittenAt = -Infinity;

  const look = async (): Promise<void> => {
    const count = await redis.get(names.storedCount);
    const isBusy = (await redis.hlen(names.storedPlans)) > 0;
    const now = performance.now();
    if (count !== seen || isBusy) {
      seen = count;
      activeAt = now;
      holding = 'prompts and answers';
    }
    const isExpired = now - activeAt > answersMs;
    const isDue = holding === 'answers' ? isExpired : !isBusy || now - rewrittenAt > LONGEST_MS;
    if (holding === 'nothing' || !isDue) return;
    await redis.bgrewriteaof();
    rewrittenAt = now;
    holding = isBusy ? 'prompts and answers' : isExpired ? 'nothing' : 'answers';
  };
  const forgetAll = async (signal: AbortSignal): Promise<void> => {
    for (const pattern of [names.plan('*'), names.events('*'), names.capture('*')]) {
      for await (const keys of redis.scanStream({ match: pattern, count: 1000 })) {
        if (Array.isArray(keys) && keys.length > 0) await redis.unlink(...keys.map(String));
      }
    }
    await untilRewritten(redis, signal); // it refuses a second rewrite while there is one
    await redis.bgrewriteaof();
    await untilRewritten(redis, signal);
  };
  const safely = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      log.warn('the append-only file was not rewritten', { error });
    });

  await safely(look());
  const timer = setInterval(() => void safely(look()), everyMs).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      using limit = deadline(LAST_REWRITE_MS);
      const isLate = new Promise<void>((resolve) => {
        limit.signal.addEventListener('abort', () => resolve());
      });
      await Promise.race([safely(forgetAll(limit.signal)), isLate]); // Redis may be away
      await redis[Symbol.asyncDispose]();
    },
  };
}

/** Resolves when no rewrite is under way; Redis tells that only when asked. */
async function untilRewritten(redis: RedisConnection, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const info = await redis.info('persistence');
    if (!/aof_rewrite_(in_progress|scheduled):1/.test(info)) return;
    await delay(POLL_MS);
  }
}
