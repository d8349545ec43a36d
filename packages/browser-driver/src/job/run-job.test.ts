import { once } from 'node:events';

import { StudioError } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { PageError } from '../page/page-error.ts';
import { BackgroundJobs } from '../queue/background-jobs.ts';
import {
  fakeLease,
  fakeOptions,
  fakePool,
  FakeRedis,
  fakeTaken,
  finish,
  MODEL,
  text,
  tierOf,
} from '../testing/fakes.ts';
import { type Tier } from '../tiers/tier.ts';
import { runJob, type RunJobOptions, stopping } from './run-job.ts';

const unsent = (): Error => new PageError('enter the prompt', 'Run stays disabled').asUnsent();
const quota = (): Error =>
  new StudioError('rate_limit_exceeded', 'You exceeded your quota.', { retryAfterSeconds: 90 });
const failing = (error: Error, ...before: readonly string[]): Tier =>
  // oxlint-disable-next-line require-yield -- it fails before it has anything to say, unless told so
  tierOf(async function* fail() {
    for (const piece of before) yield text(piece);
    throw error;
  });
const answering = tierOf(async function* answer({ requireTurn }, signal) {
  await requireTurn(signal);
  yield text('Hello');
  yield finish;
});

/** Runs one job; what it does to a driver that comes to its end is given. */
async function run(
  changed: Partial<RunJobOptions>,
  { redis = new FakeRedis(), lease = fakeLease(), draining = new AbortController() } = {},
  shutdown = new AbortController(),
): Promise<{ redis: FakeRedis; page: string[]; job: string[] }> {
  const taken = fakeTaken();
  const ending = { draining: draining.signal, shutdown: shutdown.signal };
  await runJob(fakeOptions(redis, changed), taken, lease, ending);
  return { redis, page: lease.calls, job: taken.calls };
}

describe('an attempt at a job', () => {
  it('passes the answer on, gives the page back and completes the job', async () => {
    const { redis, page, job } = await run({ tiers: [answering] });
    expect(redis.events).toEqual([text('Hello'), finish]);
    expect({ page, job }).toEqual({ page: ['given back'], job: ['complete'] });
  });

  it.each([
    [0, 'complete'],
    [-1, 'postpone'],
  ] as const)('touches no page where Redis says %i, and the job: %s', async (found, end) => {
    const redis = new FakeRedis();
    redis.begun = [found];
    const { page, job } = await run({ tiers: [answering] }, { redis });
    expect({ page, job, events: redis.events }).toEqual({
      page: ['put back'],
      job: [end],
      events: [],
    });
  });

  it('asks nothing once the job is another worker’s, is cancelled, or has no reader', async () => {
    for (const [state, code] of [
      ['stale', 'worker_lost'],
      ['cancelled', 'request_cancelled'],
      ['unread', 'request_cancelled'],
    ] as const) {
      const redis = new FakeRedis();
      const tier = tierOf(async function* answer({ requireTurn }, signal) {
        redis.leaseState = state; // after the last renewal
        await requireTurn(signal);
        yield text('asked');
      });
      await run({ tiers: [tier] }, { redis });
      expect(redis.events).toEqual([{ type: 'error', error: expect.objectContaining({ code }) }]);
    }
  });
});

describe('a background job', () => {
  it('comes again later where a real one needs its page, and Run was not pressed', async () => {
    const background = new BackgroundJobs({
      delayMs: 700,
      realJobWaits: () => Promise.resolve(true),
      log: silentLog,
    });
    const taken = fakeTaken();
    Object.assign(taken.job, { isBackground: true });
    const redis = new FakeRedis();
    const lease = fakeLease();
    const ending = {
      draining: new AbortController().signal,
      shutdown: new AbortController().signal,
    };
    await runJob(fakeOptions(redis, { background, tiers: [answering] }), taken, lease, ending);
    expect(redis.events).toEqual([]);
    expect(redis.givenBack).toEqual({ failure: undefined });
    expect({ page: lease.calls, job: taken.calls }).toEqual({
      page: ['given back'],
      job: ['postpone'],
    });
  });
});

describe('a page that fails before Run', () => {
  it('gives the job back to the queue, for another page, with the reason', async () => {
    const { redis, page, job } = await run({ tiers: [failing(unsent())] });
    expect(redis.givenBack?.failure).toMatchObject({
      code: 'upstream_error',
      message: expect.stringContaining('Run stays disabled'),
    });
    expect(redis.events).toEqual([]);
    expect(job).toEqual(['giveBack']);
    expect(page).toEqual([expect.stringContaining('recovery required: '), 'given back']);
  });

  it('ends the job where the attempt before has failed, too', async () => {
    const redis = new FakeRedis();
    const { status, type, code, message } = {
      status: 502,
      type: 'server_error',
      code: 'upstream_error',
      message: 'another page',
    };
    redis.begun = [2, JSON.stringify({ status, type, code, param: null, message })];
    const { job } = await run({ tiers: [failing(unsent())] }, { redis });
    expect({ failure: redis.failure, job }).toEqual({
      failure: 'upstream_error',
      job: ['complete'],
    });
  });

  it('ends the job once the client has content', async () => {
    const { redis, job } = await run({ tiers: [failing(unsent(), 'half')] });
    expect({ failure: redis.failure, job }).toEqual({
      failure: 'upstream_error',
      job: ['complete'],
    });
  });

  it('ends the job where Run was pressed', async () => {
    const sent = new PageError('read the answer', 'it is gone');
    const { redis, job } = await run({ tiers: [failing(sent)] });
    expect({ failure: redis.failure, job }).toEqual({
      failure: 'upstream_error',
      job: ['complete'],
    });
  });

  it('is not loaded anew for what is the client’s own fault', async () => {
    const { redis, page } = await run({ tiers: [failing(new StudioError('invalid_value', 'no'))] });
    expect(redis.failure).toBe('invalid_value');
    expect(page).toEqual(['given back']);
  });
});

describe('a lost page', () => {
  it('gives the job back before content, and interrupts the answer after it', async () => {
    const crash = new StudioError('upstream_error', 'The browser crashed.');
    const lost = AbortSignal.abort(crash);
    const before = await run({ tiers: [failing(crash)] }, { lease: fakeLease({ lost }) });
    expect(before.job).toEqual(['giveBack']);
    const after = await run({ tiers: [failing(crash, 'half')] }, { lease: fakeLease({ lost }) });
    expect(after.redis.failure).toBe('upstream_interrupted');
  });
});

describe('an account without quota', () => {
  it('lets the model rest for itself alone, and leaves the job to another that has some', async () => {
    const pool = fakePool({ othersCanServe: (model) => model === MODEL });
    const { redis, job } = await run({ tiers: [failing(quota())], pool });
    expect(redis.cooldowns).toEqual([
      [1, 'aistudio:cooldowns:us', MODEL, 90_000, expect.any(String)],
    ]);
    expect({ job, events: redis.events }).toEqual({ job: ['giveBack'], events: [] });
  });

  it('says the shortest wait of all accounts where none has any', async () => {
    const pool = fakePool({ cooldown: () => ({ ms: 20_000, reason: 'the other' }) });
    const { redis } = await run({ tiers: [failing(quota())], pool });
    expect(redis.events).toEqual([
      { type: 'error', error: expect.objectContaining({ status: 429, retryAfterSeconds: 20 }) },
    ]);
  });

  it('keeps a job whose client has content', async () => {
    const pool = fakePool({ othersCanServe: () => true });
    const { redis } = await run({ tiers: [failing(quota(), 'half')], pool });
    expect(redis.failure).toBe('rate_limit_exceeded');
  });

  it('is not asked for a job that goes round and round', async () => {
    const redis = new FakeRedis();
    redis.begun = [6];
    await run(
      { tiers: [failing(quota())], pool: fakePool({ othersCanServe: () => true }) },
      { redis },
    );
    expect(redis.failure).toBe('rate_limit_exceeded');
  });
});

describe('a worker that stops', () => {
  /** Says when it waits, and goes on until its signal aborts. */
  const waiting = (asks: boolean, onWait: () => void): Tier =>
    tierOf(async function* wait({ requireTurn }, signal) {
      if (asks) await requireTurn(signal);
      onWait();
      await once(signal, 'abort');
      signal.throwIfAborted();
      yield text('never');
    });

  it('gives back what was not asked yet, at once', async () => {
    const draining = new AbortController();
    const tier = waiting(false, () => setImmediate(() => draining.abort(stopping())));
    const { redis, job } = await run({ tiers: [tier] }, { draining });
    expect({ job, events: redis.events }).toEqual({ job: ['giveBack'], events: [] });
  });

  it('asks nothing any more', async () => {
    const draining = new AbortController();
    draining.abort(stopping());
    const { redis, job } = await run({ tiers: [answering] }, { draining });
    expect({ job, events: redis.events }).toEqual({ job: ['giveBack'], events: [] });
  });

  it('gives back what it asked in vain, instead of asking again', async () => {
    const draining = new AbortController();
    const tier = tierOf(async function* askTwice({ requireTurn }, signal) {
      await requireTurn(signal);
      draining.abort(stopping());
      await requireTurn(signal);
      yield text('never');
    });
    const { redis, job } = await run({ tiers: [tier] }, { draining });
    expect({ job, events: redis.events }).toEqual({ job: ['giveBack'], events: [] });
  });

  it('ends an answer that has begun only when the time for that is over, with an error', async () => {
    const draining = new AbortController();
    const shutdown = new AbortController();
    const tier = waiting(true, () => {
      draining.abort(stopping());
      setImmediate(() => shutdown.abort(stopping()));
    });
    const { redis, job } = await run({ tiers: [tier] }, { draining }, shutdown);
    expect({ failure: redis.failure, job }).toEqual({ failure: 'worker_lost', job: ['complete'] });
  });
});
