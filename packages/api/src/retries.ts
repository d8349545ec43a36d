import { Job, joinJob, names } from '@aistudio/core';
import { type Redis } from 'ioredis';

/** How much longer than its job a fingerprint is remembered: an answer can be had for a minute, ms. */
const MEMORY_MS = 60_000;

/** How a request tells that it is the same as another one. */
export interface Repeat {
  /** The same for the same key and body. */
  readonly fingerprint: string;
  /** Whether there was an earlier one. */
  readonly isRepeated: boolean;
}

/** Remembers which job a request became, in case its client sends it again. */
export async function rememberJob(
  redis: Redis,
  { fingerprint }: Repeat,
  job: Job,
  lifetimeMs: number,
): Promise<void> {
  const key = names.asked(fingerprint);
  await redis.set(key, JSON.stringify(job), 'PX', lifetimeMs + MEMORY_MS);
}

/**
 * The job that an earlier copy of this request became, with `reader` listening to it; undefined when
 * there is none, or none that is worth listening to.
 */
export async function joinEarlier(
  redis: Redis,
  { fingerprint, isRepeated }: Repeat,
  reader: string,
): Promise<Job | undefined> {
  const stored = isRepeated ? await redis.get(names.asked(fingerprint)) : null;
  if (stored === null) return undefined;
  const job = Job.parse(JSON.parse(stored));
  return (await joinJob(redis, job.id, reader)) ? job : undefined;
}
