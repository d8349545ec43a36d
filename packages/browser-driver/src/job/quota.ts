import { type ErrorRecord, readCooldowns, setCooldown, StudioError } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { type WorkerPool } from '../queue/worker-pool.ts';

/** Whose quota it is, and how long a model rests where AI Studio does not say it. */
export interface QuotaOptions {
  readonly redis: Redis;
  readonly pool: WorkerPool;
  /** The worker's, at present. */
  readonly account: () => string;
  readonly coolDownSeconds: number;
}

/** Throws `rate_limit_exceeded` while the model's quota rests for our account: Run would only be wasted. */
export async function refuseWhileCooling(
  { redis, pool, account }: QuotaOptions,
  model: string,
): Promise<void> {
  const own = await readCooldowns(redis, [account()]);
  const cooldown = own.find((one) => one.model === model);
  if (!cooldown) return;
  const { ms, reason } = pool.cooldown(model) ?? cooldown;
  throw new StudioError('rate_limit_exceeded', reason, { retryAfterSeconds: toSeconds(ms) });
}

/**
 * Lets a model rest for our account after a quota answer; gives the error with the time after which it is
 * worth to ask again: that of the account whose rest ends first.
 */
export async function coolDown(
  { redis, pool, account, coolDownSeconds }: QuotaOptions,
  model: string,
  error: ErrorRecord,
): Promise<ErrorRecord> {
  if (error.code !== 'rate_limit_exceeded') return error;
  const seconds = Math.ceil(error.retryAfterSeconds ?? coolDownSeconds);
  if (seconds > 0) {
    const reason = error.message;
    await setCooldown(redis, { account: account(), model, ms: seconds * 1000, reason });
  }
  await pool.refresh();
  const shortest = pool.cooldown(model);
  return { ...error, retryAfterSeconds: shortest ? toSeconds(shortest.ms) : seconds };
}

const toSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
