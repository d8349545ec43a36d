import { connectRedis, type RedisConnection } from '@aistudio/core';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';

import { abortAndAsk, crowd, leftovers } from './crossing.ts';
import { startRedis } from './redis-server.ts';
import { createSeeded } from './seeded.ts';
import { type Stack, startStack } from './stack.ts';

const SEED = 20_261_122;

jest.setTimeout(180_000); // hundreds of answers

let server: Awaited<ReturnType<typeof startRedis>>;
let redis: RedisConnection;

beforeAll(async () => {
  server = await startRedis();
  redis = await connectRedis(server.url);
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const startWith = (slots: number): Promise<Stack> =>
  startStack({
    env: { REDIS_URL: server.url, WORKER_CONCURRENCY: String(slots), LOG_LEVEL: 'info' },
  });

it('gives nothing of an answer that was left to the one that is asked next', async () => {
  await using stack = await startWith(1);
  expect(await abortAndAsk(stack.baseUrl, { rounds: 50, seeded: createSeeded(SEED) })).toEqual([]);
  expect(await leftovers(redis)).toEqual([]);
});

it('gives everyone in a crowd the answer to their own prompt, and leaves nothing behind', async () => {
  await using stack = await startWith(2);
  const size = { clients: 20, requests: 200, seeded: createSeeded(SEED) };
  const report = await crowd(stack.baseUrl, redis, size);
  expect(report.wrong).toEqual([]);
  expect(report.answered + report.cancelled).toBe(200);
  expect(report.cancelled).toBeGreaterThan(10);
  expect(report.takenOver).toBeGreaterThan(5);
  expect(await leftovers(redis)).toEqual([]);
});
