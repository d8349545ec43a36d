import { connectRedis, names, type RedisConnection } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';

import {
  type JobQueue,
  openJobQueue,
  type TakenJob,
} from '../../packages/browser-driver/src/queue/job-queue.ts';
import { realJobWaits } from '../../packages/browser-driver/src/queue/real-job-waits.ts';
import { keepForAll } from '../support/keep.ts';
import { startRedis } from '../support/redis-server.ts';
import { eventually } from '../support/stand-in-driver.ts';

let redis: RedisConnection;
let entering: Queue;
let open: JobQueue[];

const keep = keepForAll();
beforeAll(async () => {
  const server = keep(await startRedis());
  redis = keep(await connectRedis(server.url));
});
beforeEach(async () => {
  await redis.flushall();
  entering = new Queue(names.queue, { connection: redis, prefix: names.queuePrefix });
  open = [];
});
afterEach(async () => {
  for (const queue of open) await queue[Symbol.asyncDispose]();
  await entering.close();
});

/** A worker's queue that leaves these models to others. */
async function openQueue(...others: string[]): Promise<JobQueue> {
  const leftToOthers = (): ReadonlySet<string> => new Set(others);
  const queue = await openJobQueue({ redis, leftToOthers, log: silentLog });
  open.push(queue);
  return queue;
}

/** Puts jobs in, as the API does: by their number, lower ones first. */
async function enter(
  ...jobs: readonly (readonly [id: string, priority: number, model?: string])[]
) {
  for (const [id, priority, model = 'm'] of jobs) {
    const job = { id, model, acceptedAt: Date.now() };
    await entering.add('prompt', job, { jobId: id, priority });
  }
}

async function next(queue: JobQueue): Promise<TakenJob> {
  const taken = await queue.next();
  if (!taken) throw new Error('the queue was stopped');
  return taken;
}
/** Waits until a worker waits for jobs at Redis. */
const untilBlocked = (): Promise<unknown> =>
  eventually(async () => String(await redis.client('LIST')).includes('cmd=bzpopmin'));
const idOf = async (queue: JobQueue): Promise<string> => (await next(queue)).job.id;

describe('the jobs that wait for a page', () => {
  it('come by their number, at once, also to a worker that has waited for a while', async () => {
    const queue = await openQueue();
    const waiting = next(queue);
    await untilBlocked();
    const start = performance.now();
    await enter(['b', 5]);
    expect((await waiting).job.id).toBe('b');
    expect(performance.now() - start).toBeLessThan(3000); // and not at its next look, five seconds later
    await enter(['d', 9], ['c', 7]);
    expect([await idOf(queue), await idOf(queue)]).toEqual(['c', 'd']);
  });

  it('go back to their place, and wake another worker that waits', async () => {
    const [one, other] = [await openQueue(), await openQueue()];
    await enter(['a', 3], ['b', 3], ['c', 4]);
    const a = await next(one);
    const b = await next(one);
    await a.giveBack();
    expect((await next(one)).job.id).toBe('a');
    await next(one); // c
    const waiting = next(other);
    await untilBlocked();
    const start = performance.now();
    await b.giveBack();
    expect((await waiting).job.id).toBe('b');
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('are left to others by their model, and their order stays', async () => {
    const queue = await openQueue('rests');
    await enter(['a', 1, 'rests'], ['b', 2, 'rests'], ['c', 3, 'm'], ['d', 4, 'm']);
    expect([await idOf(queue), await idOf(queue)]).toEqual(['c', 'd']);
    const other = await openQueue();
    expect([await idOf(other), await idOf(other)]).toEqual(['a', 'b']);
    const waiting = next(queue);
    await enter(['e', 1, 'rests'], ['f', 2, 'm']);
    expect((await waiting).job.id).toBe('f');
  });

  it('stay with the one that has them, though it was stopped for too long', async () => {
    const queue = await openQueue();
    await enter(['a', 1]);
    const a = await next(queue);
    await redis.del(names.queued('a:lock')); // what Redis does when it is not renewed
    const waiting = next(queue); // the stalled check gives it to whoever asks: to us
    await eventually(async () => (await redis.exists(names.queued('a:lock'))) === 1);
    await enter(['b', 2]);
    expect((await waiting).job.id).toBe('b');
    await a.renew();
    await a.complete();
    expect(await entering.getJobState('a')).toBe('completed');
  });

  it('go to another worker when theirs is dead', async () => {
    const dead = await openQueue();
    await enter(['a', 1]);
    await next(dead);
    await redis.del(names.queued('a:lock'));
    dead.stop();
    expect(await idOf(await openQueue())).toBe('a');
  });

  it('are not taken once the queue was stopped, also in the middle of a wait', async () => {
    const queue = await openQueue();
    const waiting = queue.next();
    queue.stop();
    expect(await waiting).toBeUndefined();
    expect(await queue.next()).toBeUndefined();
    await enter(['a', 1]);
    expect(await idOf(await openQueue())).toBe('a');
  });

  it('tell whether somebody waits for one of them', async () => {
    const waits = (...others: string[]): Promise<boolean> => realJobWaits(redis, new Set(others));
    const queue = await openQueue();
    expect(await waits()).toBe(false);
    const title = { id: 't', model: 'm', acceptedAt: Date.now(), isBackground: true };
    await entering.add('prompt', title, { jobId: 't', priority: 1 });
    expect(await waits()).toBe(false);
    await enter(['a', 2]);
    expect([await waits(), await waits('m')]).toEqual([true, false]);
    await (await next(queue)).postpone(60_000); // the title
    const a = await next(queue);
    expect(await waits()).toBe(false);
    await a.giveBack();
    expect(await waits()).toBe(true);
  });
});
