import { StudioError } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { type JobQueue, type TakenJob } from './queue/job-queue.ts';
import { type WorkerPool } from './queue/worker-pool.ts';
import { type Slots } from './slots/slots.ts';
import {
  fakeLease,
  fakeOptions,
  fakePool,
  FakeRedis,
  fakeTaken,
  finish,
  text,
  tierOf,
} from './testing/fakes.ts';
import { type Tier } from './tiers/tier.ts';
import { createWorker } from './worker.ts';

/** A queue of jobs that the test puts in; one that is given back comes again. */
class FakeQueue implements JobQueue {
  readonly waiting: TakenJob[] = [];
  isStopped = false;
  #wake = (): void => undefined;

  put(id: string): string[] {
    const taken = fakeTaken(id);
    const giveBack = async (): Promise<void> => {
      taken.calls.push('giveBack');
      this.waiting.unshift(again);
    };
    const again = { ...taken, giveBack };
    this.waiting.push(again);
    this.#wake();
    return taken.calls;
  }

  async next(): Promise<TakenJob | undefined> {
    while (!this.isStopped && this.waiting.length === 0) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.isStopped ? undefined : this.waiting.shift();
  }

  stop(): void {
    this.isStopped = true;
    this.#wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** Pages that are ready as the test says. */
class FakeSlots {
  ready = 0;
  broken: StudioError | undefined;
  #look = (): void => undefined;

  hasPage = (): boolean => this.ready > 0;
  failure = (): StudioError | undefined => this.broken;
  watch = (look: () => void): void => void (this.#look = look);
  take = async (): Promise<ReturnType<typeof fakeLease> | undefined> => {
    if (this.ready === 0) return undefined;
    this.ready -= 1;
    return fakeLease();
  };
  set(ready: number, broken?: StudioError): void {
    this.ready = ready;
    this.broken = broken;
    this.#look();
  }
}

const hello = tierOf(async function* answer() {
  yield text('Hello');
  yield finish;
});
const signedOut = new StudioError('not_signed_in', 'Nobody is signed in.');

function start({
  pool = fakePool(),
  tier = hello,
  graceMs = 1000,
}: { pool?: WorkerPool; tier?: Tier; graceMs?: number } = {}) {
  const redis = new FakeRedis();
  const queue = new FakeQueue();
  const slots = new FakeSlots();
  const worker = createWorker({
    ...fakeOptions(redis, { pool, tiers: [tier] }),
    queue,
    slots: slots as unknown as Slots,
    graceMs,
    eventLoop: { during: () => ({ [Symbol.dispose]: () => undefined }) },
    onJobOver: () => undefined,
  });
  return { redis, queue, slots, worker };
}

/** Waits until it is so; jest's own limit is the deadline. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
/** So many turns of the event loop in which nothing should happen. */
async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('a worker', () => {
  it('takes no job before a page is ready for it', async () => {
    const { queue, slots, worker } = start();
    const calls = queue.put('one');
    await turns();
    expect(queue.waiting).toHaveLength(1);
    slots.set(1);
    await until(() => calls.includes('complete'));
    await worker[Symbol.asyncDispose]();
  });

  it('leaves the second job in the queue while its only page answers the first', async () => {
    const { queue, slots, worker } = start();
    const calls = [queue.put('one'), queue.put('two')];
    slots.set(1);
    await until(() => calls[0]!.includes('complete'));
    await turns();
    expect(queue.waiting).toHaveLength(1);
    slots.set(1);
    await until(() => calls[1]!.includes('complete'));
    await worker[Symbol.asyncDispose]();
  });

  it('puts a job back where the page went away meanwhile', async () => {
    const { queue, slots, worker } = start();
    slots.set(1);
    await turns();
    slots.ready = 0;
    const calls = queue.put('one');
    await until(() => calls.includes('giveBack'));
    expect(queue.waiting).toHaveLength(1);
    slots.set(1);
    await until(() => calls.includes('complete'));
    await worker[Symbol.asyncDispose]();
  });

  it('takes nothing while its pages have failed and another worker could', async () => {
    const { queue, slots, worker } = start({ pool: fakePool({ othersCanServe: () => true }) });
    slots.set(0, signedOut);
    const calls = queue.put('one');
    await turns();
    expect({ waiting: queue.waiting.length, calls }).toEqual({ waiting: 1, calls: [] });
    await worker[Symbol.asyncDispose]();
  });

  it('tells those who wait why no page of any worker works', async () => {
    const { redis, queue, slots, worker } = start();
    slots.set(0, signedOut);
    const calls = queue.put('one');
    await until(() => calls.includes('complete'));
    expect(redis.failure).toBe('not_signed_in');
    await worker[Symbol.asyncDispose]();
  });

  it('gives back what it was about to refuse where another worker has come meanwhile', async () => {
    let looks = 0;
    const { redis, queue, slots, worker } = start({
      pool: fakePool({ othersCanServe: () => looks++ > 0 }),
    });
    slots.set(0, signedOut);
    const calls = queue.put('one');
    await until(() => calls.length > 0);
    expect({ calls, events: redis.events }).toEqual({ calls: ['giveBack'], events: [] });
    await worker[Symbol.asyncDispose]();
  });

  it('stops taking jobs when it ends, and waits for those it answers', async () => {
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const tier = tierOf(async function* answer({ requireTurn }, signal) {
      await requireTurn(signal);
      yield text('Hello');
      await held;
      yield finish;
    });
    const { redis, queue, slots, worker } = start({ tier });
    slots.set(2);
    queue.put('one');
    await until(() => redis.events.length === 1);
    const ended = worker[Symbol.asyncDispose]();
    queue.put('two');
    await turns();
    goOn();
    await ended;
    expect(redis.events.at(-1)).toEqual(finish);
    expect(queue.waiting).toHaveLength(1);
  });

  it('ends an answer that takes longer than the time for that', async () => {
    const tier = tierOf(async function* answer({ requireTurn }, signal) {
      await requireTurn(signal);
      yield text('Hello');
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    });
    const { redis, queue, slots, worker } = start({ tier, graceMs: 20 });
    slots.set(1);
    queue.put('one');
    await until(() => redis.events.length === 1);
    await worker[Symbol.asyncDispose]();
    expect(redis.failure).toBe('worker_lost');
  });
});
