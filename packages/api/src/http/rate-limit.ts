import { randomUUID } from 'node:crypto';

import { names, StudioError } from '@aistudio/core';
import { type Response } from 'express';
import { type Redis } from 'ioredis';
import { z } from 'zod';

import { requireRedis } from '../jobs/admission.ts';
import { type Caller } from '../keys/caller.ts';
import { contextOf } from './context.ts';

const WINDOW_MS = 60_000;

/** The last minute's requests are kept as such: any 60 s hold at most as many as are allowed. */
const TAKE = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local limit = tonumber(ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ${WINDOW_MS})
  local count = redis.call('ZCARD', KEYS[1])
  local wait = 0
  if count < limit then
    redis.call('ZADD', KEYS[1], now, ARGV[2])
    redis.call('PEXPIRE', KEYS[1], ${WINDOW_MS})
    count = count + 1
  else
    local inTheWay = redis.call('ZRANGE', KEYS[1], count - limit, count - limit, 'WITHSCORES')
    wait = math.max(1, tonumber(inTheWay[2]) + ${WINDOW_MS} - now)
  end
  local newest = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
  return { math.max(0, limit - count), tonumber(newest[2]) + ${WINDOW_MS} - now, wait }`;
const Taken = z.tuple([z.number(), z.number(), z.number()]);

/** Where a caller stands after one more request. */
export interface RateStanding {
  /** Requests in any minute. */
  readonly limit: number;
  readonly remaining: number;
  /** Until all of them are to be had again, if it asks for nothing more, ms. */
  readonly resetMs: number;
  /** Until the next is allowed, ms; 0: this one is. */
  readonly waitMs: number;
}

/** Counts one request of a caller; undefined where it may send any number. */
export type TakeRequest = (caller: Caller) => Promise<RateStanding | undefined>;

/** {@link TakeRequest}, counted by all API processes together. `perMinute`: for callers without a limit of their own; 0: none. */
export const createRateLimit =
  (redis: Redis, perMinute: number): TakeRequest =>
  async ({ id, requestsPerMinute: limit = perMinute }) => {
    if (limit === 0) return undefined;
    requireRedis(redis);
    const taken = await redis.eval(TAKE, 1, names.rate(id), limit, randomUUID());
    const [remaining, resetMs, waitMs] = Taken.parse(taken);
    return { limit, remaining, resetMs, waitMs };
  };

/**
 * Counts a request that is going to be asked. Throws `rate_limit_exceeded` for what is too much, and
 * says what is left (openai-behaviours E-06b).
 */
export async function limitRate(take: TakeRequest, response: Response): Promise<void> {
  const standing = await take(contextOf(response).caller);
  if (!standing) return;
  const { limit, remaining, resetMs, waitMs } = standing;
  response.set({
    'x-ratelimit-limit-requests': String(limit),
    'x-ratelimit-remaining-requests': String(remaining),
    'x-ratelimit-reset-requests': `${Math.ceil(resetMs / 1000)}s`,
  });
  if (waitMs <= 0) return;
  const seconds = Math.ceil(waitMs / 1000);
  throw new StudioError(
    'rate_limit_exceeded',
    `This key may ask ${limit} times a minute. Try again in ${seconds} s.`,
    { retryAfterSeconds: waitMs / 1000 },
  );
}
