import {
  connectRedis,
  names,
  publishStatus,
  readStatuses,
  type RedisConnection,
} from '@aistudio/core';
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { keepForAll } from '../support/keep.ts';
import { startRedis } from '../support/redis-server.ts';

let redis: RedisConnection;
const keep = keepForAll();
beforeAll(async () => {
  const server = keep(await startRedis());
  redis = keep(await connectRedis(server.url));
});
afterEach(() => void jest.restoreAllMocks());

describe('signs of life', () => {
  it.each([-600_000, 600_000])(
    'of a process whose clock is %i ms ahead count for as long as it gives them',
    async (aheadMs) => {
      const now = Date.now.bind(Date);
      jest.spyOn(Date, 'now').mockImplementation(() => now() + aheadMs);
      const status = await publishStatus(redis, 'browser-driver', 'one', () => ({
        ready: true,
        detail: {},
      }));
      expect(await readStatuses(redis)).toMatchObject([{ instance: 'one', ready: true }]);
      const leftMs = await redis.pttl(names.process('browser-driver:one'));
      expect(leftMs).toBeGreaterThan(0); // by Redis' clock
      expect(leftMs).toBeLessThanOrEqual(4000);
      await status[Symbol.asyncDispose]();
      expect(await readStatuses(redis)).toEqual([]);
    },
  );

  it('leave nothing behind of a process that gives none', async () => {
    await redis.sadd(names.processes, 'browser-driver:dead');
    expect(await readStatuses(redis)).toEqual([]);
    expect(await redis.exists(names.processes)).toBe(0);
  });
});
