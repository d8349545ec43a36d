import { setTimeout as delay } from 'node:timers/promises';

import { connectRedis, deadline, type Log, names, type RedisConnection } from '@aistudio/core';

/** How often it is looked whether prompts are to be forgotten, ms. */
const LOOK_MS = 60_000;
/** While there always are prompts, the file is rewritten this often all the same, ms. */
const LONGEST_MS = 600_000;
/** How long a rewrite at the end may take, ms. */
const LAST_REWRITE_MS = 5000;
const POLL_MS = 20;

/**
 * Keeps prompts from staying on the disk: an append-only file holds whatever was written, also what was
 * deleted since. It is rewritten at the start, within a minute of the time when the last prompt is
 * answered, and when this is disposed, which is to be before Redis stops.
 */
export async function forgetPrompts(
  url: string,
  log: Log,
  everyMs: number = LOOK_MS,
): Promise<AsyncDisposable> {
  const redis = await connectRedis(url);
  let forgotten: string | null | undefined;
  let rewrittenAt = -Infinity;

  const look = async (isLast: boolean): Promise<void> => {
    const [count, stored] = [
      await redis.get(names.storedCount),
      await redis.hlen(names.storedPlans),
    ];
    const isDue = isLast || stored === 0 || performance.now() - rewrittenAt > LONGEST_MS;
    if (count === forgotten || !isDue) return;
    await redis.bgrewriteaof();
    forgotten = count;
    rewrittenAt = performance.now();
  };
  const safely = (isLast = false): Promise<void> =>
    look(isLast).catch((error: unknown) => {
      log.warn('the append-only file was not rewritten', { error });
    });

  await safely();
  const timer = setInterval(() => void safely(), everyMs).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      using limit = deadline(LAST_REWRITE_MS);
      const isDone = safely(true).then(() => untilRewritten(redis, limit.signal));
      const isLate = new Promise<void>((resolve) => {
        limit.signal.addEventListener('abort', () => resolve());
      });
      await Promise.race([isDone, isLate]); // Redis may be away
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
