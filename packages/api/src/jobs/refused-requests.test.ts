import { type JobStreams, type ProcessStatus, StudioError } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';
import { type Redis } from 'ioredis';

import { ANONYMOUS } from '../keys/caller.ts';
import { type PromptQueue } from './queue/prompt-queue.ts';
import { rememberJob } from './retries.ts';
import { type JobSubmitter, createJobSubmitter, type JobRequest } from './submit-job.ts';

const driver: ProcessStatus = {
  kind: 'browser-driver',
  instance: 'one',
  at: 0,
  ready: true,
  detail: {},
};
const never = new AbortController().signal;
const full = new StudioError('queue_full', 'Full.');

/** A Redis in which one browser driver lives, nothing rests, and every job may be joined. */
function createRedis(): Redis {
  const values = new Map<string, string>();
  const redis = {
    status: 'ready',
    aistudioReadEntries: async () => [JSON.stringify(driver)],
    aistudioReadCooldowns: async () => [],
    aistudioJoinJob: async () => 1,
    set: async (key: string, value: string) => void values.set(key, value),
    get: async (key: string) => values.get(key) ?? null,
    pttl: async () => 1000,
    del: async (...keys: string[]) => {
      for (const key of keys) values.delete(key);
    },
  };
  return redis as unknown as Redis;
}

/** {@link createJobSubmitter} with a full queue. */
function startSubmitter(redis: Redis): JobSubmitter {
  const queue = { requireRoom: () => Promise.reject(full) } as unknown as PromptQueue;
  const limits = { waitingMs: 1000, totalMs: 2000 };
  const ending = { stopping: never, over: never };
  return createJobSubmitter(redis, {} as JobStreams, queue, limits, ending, silentLog);
}

const request = (fields: Partial<JobRequest> = {}): JobRequest => ({
  id: 'one',
  acceptedAt: Date.now(),
  model: 'm',
  plan: () => Promise.reject(new Error('not to be asked for')),
  caller: ANONYMOUS,
  isBackground: false,
  signal: never,
  isStreamed: false,
  repeat: undefined,
  ...fields,
});

describe('a prompt that the queue has no room for', () => {
  it('is refused before anything is downloaded for it', async () => {
    await using submitter = startSubmitter(createRedis());
    await expect(submitter.submit(request())).rejects.toBe(full);
  });
});

describe('the retry of a request that was refused', () => {
  const repeat = { fingerprint: 'same', isRepeated: false };

  it('does not join the answer to the same request of before', async () => {
    const redis = createRedis();
    await using submitter = startSubmitter(redis);
    const job = { id: 'old', model: 'm', acceptedAt: Date.now(), isBackground: false };
    await rememberJob(redis, repeat, job, 2000);
    await expect(submitter.submit(request({ repeat }))).rejects.toBe(full);
    const again = request({ repeat: { ...repeat, isRepeated: true } });
    await expect(submitter.submit(again)).rejects.toBe(full);
  });

  it('joins where there was no new request in between', async () => {
    const redis = createRedis();
    await using submitter = startSubmitter(redis);
    const job = { id: 'old', model: 'm', acceptedAt: Date.now(), isBackground: false };
    await rememberJob(redis, repeat, job, 2000);
    const again = request({ repeat: { ...repeat, isRepeated: true } });
    expect(await submitter.submit(again)).toMatchObject({ id: 'old' });
  });
});
