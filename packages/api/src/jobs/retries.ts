import { ErrorRecord, Job, joinJob, names, RecordedError } from '@aistudio/core';
import { type Redis } from 'ioredis';
import { z } from 'zod';

/** How much longer than its job a fingerprint is remembered: an answer can be had for a minute, ms. */
const MEMORY_MS = 60_000;

/** How a request is recognised as a retry of another one. */
export interface Repeat {
  /** The same for the same key and plan. */
  readonly fingerprint: string;
  /** Whether there was an earlier one. */
  readonly isRepeated: boolean;
}

/** A job, and how old it was when it was remembered, ms. */
const RememberedJob = Job.extend({ ageMs: z.number() });

/** The failure of an earlier attempt that its client never received (E-12). */
export class StoredFailureError extends RecordedError {}

/** Remembers which job a request became, in case its client sends it again. */
export async function rememberJob(
  redis: Redis,
  { fingerprint }: Repeat,
  job: Job,
  lifetimeMs: number,
): Promise<void> {
  const key = names.submittedJob(fingerprint);
  const remembered = { ...job, ageMs: Date.now() - job.acceptedAt };
  await Promise.all([
    redis.set(key, JSON.stringify(remembered), 'PX', lifetimeMs + MEMORY_MS),
    redis.del(names.storedFailure(fingerprint)),
  ]);
}

/**
 * Forgets what an earlier request with this fingerprint became: a first attempt is a new request, and
 * its retries must not join the answer to an older one.
 */
export async function forgetEarlier(redis: Redis, { fingerprint }: Repeat): Promise<void> {
  await redis.del(names.submittedJob(fingerprint), names.storedFailure(fingerprint));
}

/** Stores a failure whose status the client could not receive, for its next attempt. */
export async function storeFailure(
  redis: Redis,
  { fingerprint }: Repeat,
  failure: ErrorRecord,
): Promise<void> {
  await redis.set(names.storedFailure(fingerprint), JSON.stringify(failure), 'PX', MEMORY_MS);
}

/** Throws {@link StoredFailureError} when an earlier attempt failed and its client did not receive the failure. */
export async function throwStoredFailure(
  redis: Redis,
  { fingerprint, isRepeated }: Repeat,
): Promise<void> {
  const stored = isRepeated ? await redis.get(names.storedFailure(fingerprint)) : null;
  if (stored !== null) throw new StoredFailureError(ErrorRecord.parse(JSON.parse(stored)));
}

/**
 * The job that an earlier copy of this request became, with `reader` listening to it; undefined when
 * there is none, or none that is worth listening to. How old it is Redis knows, and so its times are by
 * our own clock, whichever process remembered it. `lifetimeMs` is that of {@link rememberJob}.
 */
export async function joinEarlier(
  redis: Redis,
  { fingerprint, isRepeated }: Repeat,
  reader: string,
  lifetimeMs: number,
): Promise<Job | undefined> {
  if (!isRepeated) return undefined;
  const key = names.submittedJob(fingerprint);
  const [stored, leftMs] = await Promise.all([redis.get(key), redis.pttl(key)]);
  if (stored === null) return undefined;
  const { ageMs, ...job } = RememberedJob.parse(JSON.parse(stored));
  if (!(await joinJob(redis, job.id, reader))) return undefined;
  const rememberedMs = Math.max(0, lifetimeMs + MEMORY_MS - leftMs);
  return { ...job, acceptedAt: Date.now() - rememberedMs - ageMs };
}
