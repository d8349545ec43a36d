import { type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { connectRedis, names, type RedisConnection } from '@aistudio/core';
import { beforeAll, expect, it, jest } from '@jest/globals';
import { z } from 'zod';

import { abortAndAsk, crowd, leftovers } from '../support/crossing.ts';
import { startExtraDriver } from '../support/extra-driver.ts';
import { finish, piece, SSE, startHelper } from '../support/helper-service.ts';
import { keepForAll } from '../support/keep.ts';
import { startRedis } from '../support/redis-server.ts';
import { createSeeded } from '../support/seeded.ts';
import { type Stack, startStack } from '../support/stack.ts';

const SEED = 20_261_122;

jest.setTimeout(300_000); // hundreds of answers

let server: Awaited<ReturnType<typeof startRedis>>;
let redis: RedisConnection;

const keep = keepForAll();
beforeAll(async () => {
  server = keep(await startRedis());
  redis = keep(await connectRedis(server.url));
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

it('gives everyone in a crowd the answer to their own prompt, whichever worker and tier it comes from', async () => {
  await using helper = await startHelper(answerAsAsked);
  await using stack = await startWith(1);
  const others = await Promise.all([
    startExtraDriver(stack),
    startExtraDriver(stack, { STREAM_PORT: '0', HELPER_ENDPOINT: helper.url }),
  ]);
  try {
    const size = { clients: 20, requests: 200, seeded: createSeeded(SEED) };
    const report = await crowd(stack.baseUrl, redis, size);
    expect(report.wrong).toEqual([]);
    expect(report.answered + report.cancelled).toBe(200);
    expect(report.cancelled).toBeGreaterThan(10);
    expect(report.takenOver).toBeGreaterThan(5);
    const tiers = Object.keys(report.byTier).toSorted();
    expect(tiers).toEqual(['dom', 'helper', 'stream-proxy']);
    expect(await slotsThatAsked()).toBe(2); // those of the workers that use the stream proxy
    expect(await leftovers(redis)).toEqual([]);
  } finally {
    await Promise.all(others.map((driver) => driver[Symbol.asyncDispose]()));
  }
  expect(await redis.keys(names.capture('*'))).toHaveLength(1); // the stack's own worker's
  expect(await redis.keys(names.slotSecret('*'))).toHaveLength(1);
});

/** How many slots' prompts the stream proxy has seen. */
async function slotsThatAsked(): Promise<number> {
  const captures = await redis.keys(names.capture('*'));
  const records = await Promise.all(captures.map((key) => redis.xrange(key, '-', '+')));
  const isRequest = (field: string): boolean => field.includes('"type":"request"');
  return records.filter((all) => all.some(([, fields]) => fields.some(isRequest))).length;
}

const Asked = z.object({ messages: z.array(z.object({ content: z.string() })) });
const Directive = z.object({ text: z.string(), chunks: z.number(), delayMs: z.number() });

/** Answers as the simulator would, in as many pieces; what has no plain text is refused. */
function answerAsAsked(response: ServerResponse, body: unknown): void {
  const said = Asked.parse(body).messages.at(-1)?.content ?? '';
  const { data } = Directive.safeParse(JSON.parse(said.replace('@sim ', '')));
  if (!data) {
    response.writeHead(422).end();
    return;
  }
  void writePieces(response, data);
}

async function writePieces(
  response: ServerResponse,
  { text, chunks, delayMs }: z.infer<typeof Directive>,
): Promise<void> {
  response.writeHead(200, SSE);
  const length = Math.ceil(text.length / chunks);
  for (let at = 0; at < text.length && !response.closed; at += length) {
    response.write(piece(text.slice(at, at + length)));
    await delay(delayMs);
  }
  response.end(finish);
}
