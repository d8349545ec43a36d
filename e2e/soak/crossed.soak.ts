import { connectRedis, type RedisConnection } from '@aistudio/core';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { abortAndAsk, crowd, leftovers } from '../support/crossing.ts';
import { startRedis } from '../support/redis-server.ts';
import { createSeeded } from '../support/seeded.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { report, size } from './size.ts';

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

it('never gives a character of an answer that was left to the one that is asked next', async () => {
  await using stack = await startWith(1);
  const { rounds, seed } = size;
  const wrong = await abortAndAsk(stack.baseUrl, { rounds, seeded: createSeeded(seed) });
  report(`${rounds} times abort and ask, ${wrong.length} wrong`);
  expect(wrong).toEqual([]);
  expect(await leftovers(redis)).toEqual([]);
});

it('gives everyone in a crowd the answer to their own prompt', async () => {
  await using stack = await startWith(2);
  const { requests, seed } = size;
  const met = await crowd(stack.baseUrl, redis, {
    clients: 20,
    requests,
    seeded: createSeeded(seed),
  });
  const { answered, cancelled, takenOver, wrong } = met;
  report(
    `${requests} requests of 20 clients: ${answered} answered (${takenOver} by two tiers), ${cancelled} cancelled, ${wrong.length} wrong`,
  );
  expect(wrong).toEqual([]);
  expect(await leftovers(redis)).toEqual([]);
});
