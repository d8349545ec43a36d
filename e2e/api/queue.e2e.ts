import {
  beginAttempt,
  connectRedis,
  type JobEvent,
  names,
  PLAIN_SETTINGS,
  type RedisConnection,
} from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Job, Worker } from 'bullmq';

import { type WholePlan } from '../../packages/api/src/files/remote-file.ts';
import { connectQueue, type PromptQueue } from '../../packages/api/src/jobs/queue/prompt-queue.ts';
import {
  type QueueEntry,
  type QueueLimits,
} from '../../packages/api/src/jobs/queue/queue-places.ts';
import { keepForAll } from '../support/keep.ts';
import { startRedis } from '../support/redis-server.ts';

const TOKEN = 'test';
const finish: JobEvent = { type: 'finish', reason: 'stop' };

let redis: RedisConnection;
/** A second API process, as far as Redis can tell. */
let otherRedis: RedisConnection;
let worker: Worker;

const keep = keepForAll();
beforeAll(async () => {
  const server = keep(await startRedis());
  redis = keep(await connectRedis(server.url));
  otherRedis = keep(await connectRedis(server.url));
});

let line: Line;
beforeEach(async () => {
  await redis.flushall();
  line = new Line();
});

function open(limits: Partial<QueueLimits> = {}, connection = redis): PromptQueue {
  const all = { prompts: 1000, bytes: 1_000_000, planLifetimeMs: 60_000, ...limits };
  return keep(connectQueue(connection, all, silentLog));
}

const planOf = (text: string): WholePlan => ({
  model: 'm',
  turns: [{ role: 'user', parts: [{ type: 'text', text }] }],
  settings: PLAIN_SETTINGS,
});

const enter = (
  queue: PromptQueue,
  id: string,
  { owner = 'a', priority = 'normal', isBackground = false }: Partial<QueueEntry> = {},
  text = 'hi',
): Promise<void> => {
  const job = { id, model: 'm', acceptedAt: Date.now(), isBackground };
  return queue.enter(job, planOf(text), { owner, priority });
};

/** How many of these were taken, and with which codes the others were refused. */
async function outcomes(entries: Promise<void>[]): Promise<{ taken: number; codes: string[] }> {
  const settled = await Promise.allSettled(entries);
  const refused = settled.filter((one) => one.status === 'rejected');
  return {
    taken: settled.length - refused.length,
    codes: [...new Set(refused.map(({ reason }) => (reason as { code: string }).code))],
  };
}

/** One page and its queue: the first job that enters runs, others when it has ended. */
class Line {
  readonly queue = open();
  readonly began: string[] = [];
  #running: Job | undefined;

  async enter(name: string, owner: string, extra: Partial<QueueEntry> = {}): Promise<void> {
    await enter(this.queue, name, { owner, ...extra });
    if (!this.#running) await this.next();
  }

  async enterMany(count: number, owner: string, extra: Partial<QueueEntry> = {}): Promise<void> {
    for (let index = 0; index < count; index++) await this.enter(`${owner}${index}`, owner, extra);
  }

  /** Ends what runs, and takes the next one. */
  async next(): Promise<boolean> {
    await this.#running?.moveToCompleted(null, TOKEN, false);
    this.#running = await worker.getNextJob(TOKEN, { block: false });
    if (this.#running) this.began.push(this.#running.id ?? '');
    return this.#running !== undefined;
  }

  /** Ends what runs until nothing is left, and gives the order in which all of them began. */
  async drain(): Promise<string[]> {
    while (await this.next());
    return this.began;
  }
}

beforeAll(() => {
  const connection = redis;
  worker = new Worker(names.queue, null, { connection, prefix: names.queuePrefix });
  keep({ [Symbol.asyncDispose]: () => worker.close(true) });
});

describe('the queue’s places', () => {
  it('are exactly as many as the limit, however many ask in two processes at once', async () => {
    const queues = [open({ prompts: 10 }), open({ prompts: 10 }, otherRedis)] as const;
    const entries = Array.from({ length: 40 }, (_, index) =>
      enter(queues[index % 2 === 0 ? 0 : 1], `job-${index}`),
    );
    expect(await outcomes(entries)).toEqual({ taken: 10, codes: ['queue_full'] });
    const { prompts, turns } = await waiting();
    expect([prompts, new Set(turns).size]).toEqual([10, 10]);
  });

  it('are left for other keys up to their equal share, and one at least', async () => {
    const queue = open({ prompts: 10 });
    const flood = (owner: string, count: number): Promise<{ taken: number; codes: string[] }> =>
      outcomes(Array.from({ length: count }, (_, at) => enter(queue, `${owner}${at}`, { owner })));
    expect((await flood('a', 20)).taken).toBe(10);
    expect((await flood('b', 20)).taken).toBe(5);
    expect((await flood('c', 20)).taken).toBe(3);
    await expect(queue.requireRoom('a')).rejects.toMatchObject({ code: 'queue_full' });
    await queue.requireRoom('d');
    for (let key = 0; key < 12; key++)
      expect((await flood(`key-${key}`, 3)).taken).toBeGreaterThan(0);
  });

  it('are free again when a job is taken or forgotten, or died with its process before it was queued', async () => {
    const queue = open({ prompts: 2 });
    await enter(queue, 'one');
    await enter(queue, 'two');
    expect((await outcomes([enter(queue, 'three')])).taken).toBe(0);
    const job = await worker.getNextJob(TOKEN, { block: false });
    expect((await outcomes([enter(queue, 'four'), enter(queue, 'five')])).taken).toBe(1);
    await queue.forget('two');
    await redis.zrem(`${names.queuePrefix}:${names.queue}:prioritized`, 'two'); // what a removal does
    expect((await outcomes([enter(queue, 'six'), enter(queue, 'seven')])).taken).toBe(1);

    await redis.zadd(names.entering, 1, 'died'); // its time was over long ago
    await job?.moveToCompleted(null, TOKEN, false);
    await worker.getNextJob(TOKEN, { block: false });
    expect((await outcomes([enter(queue, 'eight'), enter(queue, 'nine')])).taken).toBe(1);
  });

  it('are taken in the same time, however many wait', async () => {
    const queue = open({ prompts: 100_000, bytes: 1e9 });
    const commands = async (): Promise<number> => {
      const found = /total_commands_processed:(\d+)/.exec(await redis.info('stats'));
      return Number(found?.[1]);
    };
    const cost = async (id: string): Promise<number> => {
      const before = await commands();
      await enter(queue, id);
      return (await commands()) - before;
    };
    await enter(queue, 'first');
    const early = await cost('early');
    for (let batch = 0; batch < 20; batch++) {
      await Promise.all(Array.from({ length: 100 }, (_, at) => enter(queue, `${batch}-${at}`)));
    }
    expect(await cost('late')).toBeLessThanOrEqual(early + 2); // where a sign of life comes between
    expect(await redis.hlen(names.storedPlans)).toBe(2003);
  });
});

describe('the size of what waits', () => {
  const kilobytes = (count: number): string => 'x'.repeat(count * 1000);

  it('is bounded, and free again as jobs end, whoever ends them', async () => {
    const queue = open({ bytes: 10_000 });
    await enter(queue, 'one', {}, kilobytes(4));
    await enter(queue, 'two', {}, kilobytes(4));
    await expect(enter(queue, 'three', {}, kilobytes(4))).rejects.toMatchObject({
      code: 'queue_full',
      message: expect.stringContaining('QUEUE_MAX_BYTES'),
    });
    const writer = await beginAttempt(redis, 'one');
    if (typeof writer === 'string') throw new Error(writer);
    await writer.append(finish); // and the process that asked is gone: nobody forgets the plan
    await enter(queue, 'four', {}, kilobytes(4));
    expect(await redis.exists(names.plan('one'))).toBe(0);
    await queue.forget('two');
    await queue.forget('four');
    expect(await redis.get(names.storedBytes)).toBe('0');
    expect(await redis.hlen(names.storedPlans)).toBe(0);
  });

  it('refuses at once what never fits', async () => {
    await expect(enter(open({ bytes: 1000 }), 'one', {}, kilobytes(2))).rejects.toMatchObject({
      code: 'request_too_large',
    });
  });

  it('does not count plans that have expired', async () => {
    const queue = open({ bytes: 6000, planLifetimeMs: 1 });
    await enter(queue, 'one', {}, kilobytes(4));
    while ((await redis.exists(names.plan('one'))) === 1);
    await enter(queue, 'two', {}, kilobytes(4));
    expect(await redis.hkeys(names.storedPlans)).toEqual(['two']);
  });
});

describe('turns', () => {
  it('serve one key as its prompts come, whatever runs meanwhile', async () => {
    await line.enterMany(5, 'a');
    await line.next();
    for (let index = 5; index < 10; index++) await line.enter(`a${index}`, 'a');
    expect(await line.drain()).toEqual(Array.from({ length: 10 }, (_, index) => `a${index}`));
  });

  it('let a key that asks for little in after one prompt of a key that floods', async () => {
    await line.enterMany(50, 'a');
    await line.enterMany(2, 'b');
    expect((await line.drain()).slice(0, 5)).toEqual(['a0', 'a1', 'b0', 'a2', 'b1']);
  });

  it('never starve the key that flooded by one that always asks for one more', async () => {
    await line.enterMany(20, 'a');
    for (let index = 0; index < 20; index++) {
      await line.enter(`b${index}`, 'b');
      await line.next();
    }
    expect(line.began.filter((name) => name.startsWith('a')).length).toBeGreaterThanOrEqual(10);
  });

  it('serve a high key four times as often as a normal one, and that as often as a low one', async () => {
    await line.enter('first', 'other');
    for (const priority of ['low', 'normal', 'high'] as const) {
      await line.enterMany(100, priority, { priority });
    }
    const began = (await line.drain()).slice(1, 106);
    const count = (owner: string): number => began.filter((one) => one.startsWith(owner)).length;
    expect([count('high'), count('normal'), count('low')]).toEqual([80, 20, 5]);
  });

  it('run a background prompt after all real ones of its key, also those of other keys', async () => {
    await line.enter('a0', 'a');
    await line.enter('title', 'a', { isBackground: true });
    await line.enter('tags', 'a', { isBackground: true });
    for (const index of [1, 2, 3]) await line.enter(`a${index}`, 'a');
    await line.enter('b0', 'b');
    expect(await line.drain()).toEqual(['a0', 'a1', 'b0', 'a2', 'a3', 'title', 'tags']);
  });

  it('never starve a background prompt: after eight later ones it has its turn', async () => {
    await line.enter('a0', 'a');
    await line.enter('title', 'a', { isBackground: true });
    for (let index = 0; index < 20; index++) {
      await line.enter(`a${index + 1}`, 'a');
      await line.enter(`b${index}`, 'b');
      await line.next();
    }
    expect(line.began.indexOf('title')).toBeGreaterThan(8);
    expect(line.began.indexOf('title')).toBeLessThanOrEqual(20);
  });

  it('stay within what the queue can count', async () => {
    const last = 2 ** 21 - 1;
    await redis.zadd(names.turns('a'), last - 1, 'far');
    await redis.zadd(names.entering, Date.now() + 60_000, 'far');
    const queue = open();
    await enter(queue, 'late');
    await enter(queue, 'later');
    expect((await waiting()).turns).toEqual([last, last]);
    expect((await worker.getNextJob(TOKEN, { block: false }))?.id).toBe('late');
  });
});

/** The jobs in their turns. */
async function waiting(): Promise<{ prompts: number; turns: number[] }> {
  const prioritized = `${names.queuePrefix}:${names.queue}:prioritized`;
  const jobs = await redis.zrange(prioritized, '0', '-1');
  const scores = await Promise.all(jobs.map((id) => redis.zscore(prioritized, id)));
  return { prompts: jobs.length, turns: scores.map((one) => Math.floor(Number(one) / 2 ** 32)) };
}
