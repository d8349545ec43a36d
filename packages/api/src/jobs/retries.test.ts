import { type Job } from '@aistudio/core';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type Redis } from 'ioredis';

import { joinEarlier, rememberJob } from './retries.ts';

afterEach(() => void jest.restoreAllMocks());

const LIFETIME_MS = 900_000;

/** Just enough of a Redis, with a clock of its own, in which every job may be joined. */
class Memory {
  now = 1_000_000;
  readonly #entries = new Map<string, { value: string; until: number }>();
  set = async (key: string, value: string, _px: string, ms: number): Promise<void> =>
    void this.#entries.set(key, { value, until: this.now + ms });
  get = async (key: string): Promise<string | null> => this.#entries.get(key)?.value ?? null;
  pttl = async (key: string): Promise<number> =>
    (this.#entries.get(key)?.until ?? this.now - 2) - this.now;
  del = async (): Promise<number> => 0;
  aistudioJoinJob = async (): Promise<number> => 1;
}

describe('a request that is sent again', () => {
  it.each([0, 600_000, -600_000])(
    'gets the right age of its job from a process whose clock is %i ms ahead',
    async (aheadMs) => {
      const memory = new Memory();
      const redis = memory as unknown as Redis;
      const clock = jest.spyOn(Date, 'now').mockImplementation(() => memory.now);
      const job: Job = { id: 'one', model: 'm', acceptedAt: memory.now, isBackground: false };
      memory.now += 3000; // its files were fetched
      const repeat = { fingerprint: 'same', isRepeated: false };
      await rememberJob(redis, repeat, job, LIFETIME_MS);

      memory.now += 25_000;
      clock.mockImplementation(() => memory.now + aheadMs);
      const again = { fingerprint: 'same', isRepeated: true };
      const joined = await joinEarlier(redis, again, 'two', LIFETIME_MS);
      expect(joined?.id).toBe('one');
      expect(Date.now() - (joined?.acceptedAt ?? 0)).toBe(28_000);
    },
  );
});
