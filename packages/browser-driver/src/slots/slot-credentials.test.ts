import { createHash } from 'node:crypto';

import { names } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Redis } from 'ioredis';

import { createSlotCredentials } from './slot-credentials.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A Redis that keeps what it is told, and may be away. */
class FakeRedis {
  status = 'ready';
  readonly calls: unknown[][] = [];
  set = async (...values: unknown[]): Promise<void> => {
    if (this.status !== 'ready') throw new Error('away');
    this.calls.push(['set', ...values]);
  };
  del = async (...keys: unknown[]): Promise<void> => void this.calls.push(['del', ...keys]);
}
const create = async () => {
  const redis = new FakeRedis();
  const credentials = await createSlotCredentials(redis as unknown as Redis, 'a-0', silentLog);
  return { redis, credentials };
};

describe('a slot’s credentials', () => {
  it('are its name and a password of which the proxy can read the hash alone', async () => {
    const { redis, credentials } = await create();
    const { username, password } = credentials;
    expect(username).toBe('a-0');
    expect(password.length).toBeGreaterThanOrEqual(32);
    const hash = createHash('sha256').update(password).digest('hex');
    expect(redis.calls).toEqual([['set', names.slotSecret('a-0'), hash, 'PX', 60_000]]);
    expect((await create()).credentials.password).not.toBe(password);
    await credentials[Symbol.asyncDispose]();
  });

  it('stay known as long as the slot lives, also after Redis was away, and no longer', async () => {
    const { redis, credentials } = await create();
    await jest.advanceTimersByTimeAsync(15_000);
    expect(redis.calls).toHaveLength(2);
    redis.status = 'reconnecting';
    await jest.advanceTimersByTimeAsync(15_000);
    redis.status = 'ready';
    await jest.advanceTimersByTimeAsync(15_000);
    expect(redis.calls).toHaveLength(3);
    await credentials[Symbol.asyncDispose]();
    const keys = [names.slotSecret('a-0'), names.capture('a-0'), names.slotJob('a-0')];
    expect(redis.calls.at(-1)).toEqual(['del', ...keys]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(redis.calls).toHaveLength(4);
  });

  it('are left to expire where Redis is away at the end', async () => {
    const { redis, credentials } = await create();
    redis.status = 'end';
    await credentials[Symbol.asyncDispose]();
    expect(redis.calls).toHaveLength(1);
  });
});
