import { type Redis } from 'ioredis';
import { z } from 'zod';

import { names } from './redis.ts';

const ms = z.number().nonnegative().optional();

/** The stretches of one request's way, in their order, ms each; what it has not come to is absent. */
export const JobPhases = z.object({
  /** From being accepted until a worker takes it. */
  queue: ms,
  /** Until a page is its own. */
  prepare: ms,
  /** Settings, files, text. */
  fill: ms,
  /** From Run to the request that leaves the page. */
  submit: ms,
  /** Until the model's first sign. */
  first_event: ms,
  /** From being accepted to the end. */
  total: ms,
});
export type JobPhases = z.infer<typeof JobPhases>;

/** What the job's way has taken so far, as its worker last said: with the first content, with the end. */
export async function readJobPhases(redis: Redis, id: string): Promise<JobPhases> {
  const stored = await redis.hget(names.state(id), 'phases');
  return stored === null ? {} : JobPhases.parse(JSON.parse(stored));
}
