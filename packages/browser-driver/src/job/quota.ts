import { type ErrorRecord, names, StudioError } from '@aistudio/core';
import { type Redis } from 'ioredis';

/** Throws `rate_limit_exceeded` while the model's quota rests: Run would only be wasted. */
export async function refuseWhileCooling(redis: Redis, model: string): Promise<void> {
  const [reason, left] = await Promise.all([
    redis.get(names.cooldown(model)),
    redis.pttl(names.cooldown(model)),
  ]);
  if (reason === null) return;
  throw new StudioError('rate_limit_exceeded', reason, {
    retryAfterSeconds: Math.max(1, Math.ceil(left / 1000)),
  });
}

/** Lets a model rest after a quota answer; gives the error with the time it will rest. */
export async function coolDown(
  { redis, coolDownSeconds }: { readonly redis: Redis; readonly coolDownSeconds: number },
  model: string,
  error: ErrorRecord,
): Promise<ErrorRecord> {
  if (error.code !== 'rate_limit_exceeded') return error;
  const seconds = Math.ceil(error.retryAfterSeconds ?? coolDownSeconds);
  if (seconds > 0) await redis.set(names.cooldown(model), error.message, 'EX', seconds);
  return { ...error, retryAfterSeconds: seconds };
}
