import { silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { BackgroundJobs, PreemptedError } from './background-jobs.ts';

const DELAY_MS = 700;
const job = (id: string, isBackground = true) => ({
  id,
  model: 'm',
  acceptedAt: 0,
  isBackground,
});
const real = job('real', false);

/** Background jobs of a queue in which a real job waits or not, at a time that the test sets. */
function start(delayMs = DELAY_MS) {
  const queue = { now: 100_000, isRealWaiting: false, isAway: false, looks: 0 };
  const jobs = new BackgroundJobs({
    delayMs,
    async realJobWaits() {
      queue.looks++;
      if (queue.isAway) throw new Error('Redis is away');
      return queue.isRealWaiting;
    },
    log: silentLog,
    now: () => queue.now,
  });
  return { queue, jobs };
}

describe('a background job that is taken', () => {
  it('is held for the rest of the delay after a real job ended, and not after another of its kind', async () => {
    const { queue, jobs } = start();
    expect(await jobs.holdMs(job('a'))).toBe(0);
    jobs.noteEnd(job('a'));
    expect(await jobs.holdMs(job('b'))).toBe(0);
    jobs.noteEnd(real);
    queue.now += 200;
    expect(await jobs.holdMs(job('b'))).toBe(DELAY_MS - 200);
    queue.now += DELAY_MS;
    expect(await jobs.holdMs(job('b'))).toBe(0);
  });

  it('is held while a real job waits for a page, for a bounded time', async () => {
    const { queue, jobs } = start();
    queue.isRealWaiting = true;
    let rounds = 0;
    for (; (await jobs.holdMs(job('a'))) > 0; rounds++) queue.now += DELAY_MS;
    expect(rounds).toBe(Math.ceil(30_000 / DELAY_MS));
    expect(jobs.watch(job('a'))).toBeUndefined();
    expect(await jobs.holdMs(job('b'))).toBe(DELAY_MS);
  });

  it('is never held where it is not to be, or where the queue cannot be seen', async () => {
    const off = start(0);
    off.queue.isRealWaiting = true;
    expect(await off.jobs.holdMs(job('a'))).toBe(0);
    const { queue, jobs } = start();
    queue.isRealWaiting = true;
    expect(await jobs.holdMs(real)).toBe(0);
    queue.isAway = true;
    expect(await jobs.holdMs(job('a'))).toBe(0);
    expect(off.queue.looks).toBe(0);
  });
});

describe('a background job that is entered', () => {
  it('makes way as soon as a real job waits for a page', async () => {
    const { queue, jobs } = start();
    using watching = jobs.watch(job('a'))!;
    await watching.confirm();
    queue.isRealWaiting = true;
    await new Promise((resolve) => watching.signal.addEventListener('abort', resolve));
    expect(watching.signal.reason).toBeInstanceOf(PreemptedError);
    await expect(watching.confirm()).rejects.toThrow('went first');
  });

  it('makes way at the last look, and not once that is over', async () => {
    const { queue, jobs } = start();
    const watching = jobs.watch(job('a'))!;
    queue.isRealWaiting = true;
    await expect(watching.confirm()).rejects.toMatchObject({ afterMs: DELAY_MS });
    const later = jobs.watch(job('b'))!;
    later[Symbol.dispose]();
    await later.confirm();
    expect(later.signal.aborted).toBe(false);
    expect(jobs.watch(real)).toBeUndefined();
  });
});
