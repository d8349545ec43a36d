import { once } from 'node:events';

import { type JobEvent, names, StudioError, toErrorRecord } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { PageError } from '../page/page-error.ts';
import { type Slot } from '../slots/slot.ts';
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
import { type Assignment, type Tier } from '../tiers/tier.ts';
import { KnownFailures } from './known-failures.ts';
import { runJob, type RunJobOptions } from './run-job.ts';

/** A tier that answers, and keeps what it was given. */
function answering(...events: JobEvent[]): Tier & { given?: Assignment } {
  const tier: Tier & { given?: Assignment } = tierOf(async function* tell(assignment) {
    tier.given = assignment;
    yield* events;
  });
  return tier;
}
const failing = (error: Error): Tier =>
  // oxlint-disable-next-line require-yield -- it fails before it has anything to say
  tierOf(async function* fail() {
    throw error;
  });
const errorEvent = (error: StudioError): JobEvent => ({
  type: 'error',
  error: toErrorRecord(error),
});
/** What the list says of one model. */
const modelOf = (changed: object) =>
  [
    { id: MODEL, aliases: ['old-name'], capabilities: [], thinking: { type: 'none' }, ...changed },
  ] as unknown as ReturnType<RunJobOptions['models']>;

/** Has one job answered; gives what became of it. */
async function answer(
  changed: Partial<RunJobOptions>,
  {
    redis = new FakeRedis(),
    slot = {},
    model = MODEL,
  }: { redis?: FakeRedis; slot?: Partial<Slot>; model?: string } = {},
) {
  const lease = fakeLease(slot);
  const taken = fakeTaken();
  Object.assign(taken.job, { model });
  const get = redis.get;
  Object.assign(redis, {
    get: async () => {
      const stored = await get();
      return stored === null ? null : JSON.stringify({ ...(JSON.parse(stored) as object), model });
    },
  });
  const ending = {
    draining: new AbortController().signal,
    shutdown: new AbortController().signal,
  };
  await runJob(fakeOptions(redis, changed), taken, lease, ending);
  const [error] = redis.events.flatMap((event) => (event.type === 'error' ? [event.error] : []));
  return { redis, error, page: lease.calls, job: taken.calls };
}

describe('the plan of a job', () => {
  it('is for the model that its alias stands for', async () => {
    const tier = answering(finish);
    await answer({ tiers: [tier], models: () => modelOf({}) }, { model: 'old-name' });
    expect(tier.given?.plan.model).toBe(MODEL);
    expect(tier.given?.model?.id).toBe(MODEL);
  });

  it('is believed where the models are not known', async () => {
    const tier = answering(finish);
    await answer({ tiers: [tier] }, { model: 'any' });
    expect(tier.given?.plan.model).toBe('any');
  });

  it('is left to an account that has its model, where there is one; the page is not touched', async () => {
    const models = () => modelOf({});
    const alone = await answer({ models }, { model: 'other' });
    expect(alone.error).toMatchObject({ code: 'model_not_found', param: 'model' });
    expect(alone.page).toEqual(['put back']);
    const pool = fakePool({ othersCanServe: (model) => model === 'other' });
    const left = await answer({ models, pool }, { model: 'other' });
    expect({ job: left.job, events: left.redis.events }).toEqual({ job: ['giveBack'], events: [] });
  });

  it('cannot be carried out while the account that has its model does not work', async () => {
    const pool = fakePool({ failureOf: () => ({ code: 'not_signed_in', message: 'Sign in.' }) });
    const { error } = await answer({ models: () => modelOf({}), pool }, { model: 'other' });
    expect(error).toMatchObject({
      code: 'not_ready',
      message: "The account that has 'other' does not work at present. Sign in.",
    });
  });

  it('is to be sent again where it is stored no longer', async () => {
    const redis = new FakeRedis();
    Object.assign(redis, { get: async () => null });
    const { error, page } = await answer({ tiers: [answering(finish)] }, { redis });
    expect(error).toMatchObject({ code: 'not_ready' });
    expect(page).toEqual(['put back']);
  });

  it('is not carried out while its model rests for the account', async () => {
    const redis = new FakeRedis();
    const resting = (ms: number) => async () => [[0, MODEL, ms, 'Quota.']];
    redis.aistudioReadCooldowns = resting(20_500);
    const own = await answer({ tiers: [answering(finish)] }, { redis });
    expect(own.error).toMatchObject({ code: 'rate_limit_exceeded', retryAfterSeconds: 21 });
    const pool = fakePool({ cooldown: () => ({ ms: 100, reason: 'Another’s.' }) });
    const again = new FakeRedis();
    again.aistudioReadCooldowns = resting(20_500);
    const shortest = await answer({ pool }, { redis: again });
    expect(shortest.error).toMatchObject({ message: 'Another’s.', retryAfterSeconds: 1 });
    const others = new FakeRedis();
    others.aistudioReadCooldowns = async () => [[0, 'another model', 20_500, 'Quota.']];
    expect((await answer({ tiers: [answering(finish)] }, { redis: others })).error).toBeUndefined();
  });
});

describe('a quota answer', () => {
  const quota = (retryAfterSeconds?: number) =>
    answering(errorEvent(new StudioError('rate_limit_exceeded', 'Quota.', { retryAfterSeconds })));
  it('lets the model rest for as long as it says, or as the settings say', async () => {
    for (const [said, seconds] of [
      [2.1, 3],
      [undefined, 60],
    ] as const) {
      const { redis, error } = await answer({ tiers: [quota(said)] });
      expect(redis.cooldowns[0]?.slice(2, 4)).toEqual([MODEL, seconds * 1000]);
      expect(error?.retryAfterSeconds).toBe(seconds);
    }
  });

  it('lets nothing rest that may be asked again at once', async () => {
    const { redis } = await answer({ tiers: [quota(0)] });
    expect(redis.cooldowns).toEqual([]);
  });

  it('is the only error after which a model rests', async () => {
    const tier = answering(errorEvent(new StudioError('upstream_error', 'No.')));
    expect((await answer({ tiers: [tier] })).redis.cooldowns).toEqual([]);
  });
});

describe('an answer', () => {
  it('makes the page suspect that is signed out in its middle', async () => {
    const tier = answering(errorEvent(new StudioError('not_signed_in', 'Sign in.')));
    const { page } = await answer({ tiers: [tier] });
    expect(page).toEqual(['recovery required: it is signed out', 'given back']);
    const other = answering(errorEvent(new StudioError('upstream_error', 'No.')));
    expect((await answer({ tiers: [other] })).page).toEqual(['given back']);
  });

  it('that is refused for a model of paying accounts says so', async () => {
    const tier = answering(errorEvent(new StudioError('upstream_error', 'Permission denied.')));
    const { error } = await answer({ tiers: [tier], models: () => modelOf({ paidOnly: true }) });
    expect(error).toMatchObject({ code: 'invalid_value', param: 'model' });
  });

  it('is not told further once somebody else has ended the job', async () => {
    const redis = new FakeRedis();
    let appended = 0;
    redis.aistudioAppendEvent = async () => (appended++, 0);
    let told = 0;
    const tier = tierOf(async function* endless() {
      for (; told < 10_000; told++) {
        yield text('more');
        await new Promise(setImmediate);
      }
    });
    const { job } = await answer({ tiers: [tier] }, { redis });
    expect(appended).toBe(1);
    expect(told).toBeLessThan(10_000);
    expect(job).toEqual(['complete']);
  });

  it('that ends without an end is a fault of ours', async () => {
    const { error } = await answer({ tiers: [answering(text('half'))] });
    expect(error).toMatchObject({ code: 'internal_error' });
  });

  it('begins on a page that knows what is known of AI Studio by now', async () => {
    let isFresh = false;
    const page = { refresh: async () => void (isFresh = true), preparing: undefined };
    const tier = tierOf(async function* look() {
      expect(isFresh).toBe(true);
      yield finish;
    });
    const { error } = await answer({ tiers: [tier] }, { slot: { page } as unknown as Slot });
    expect(error).toBeUndefined();
  });

  it('is known to the stream proxy by its slot, though it does without that', async () => {
    const redis = new FakeRedis();
    const said: unknown[] = [];
    Object.assign(redis, {
      set: async (...values: unknown[]) => {
        said.push(values);
        throw new Error('full');
      },
    });
    const { error } = await answer({ tiers: [answering(finish)] }, { redis });
    expect(said).toEqual([[names.slotJob('a'), 'job', 'PX', 60_001]]);
    expect(error).toBeUndefined();
  });
});

describe('what is told of the way', () => {
  it('begins with the time in the queue', async () => {
    const redis = new FakeRedis();
    const told: string[] = [];
    redis.aistudioAppendEvent = async (...values: unknown[]) => {
      told.push(values.map(String).find((value) => value.startsWith('{"queue"')) ?? '');
      return 1;
    };
    const taken = fakeTaken();
    Object.assign(taken.job, { acceptedAt: Date.now() - 5000 });
    const { signal } = new AbortController();
    const options = fakeOptions(redis, { tiers: [answering(finish)] });
    await runJob(options, taken, fakeLease(), { draining: signal, shutdown: signal });
    const { queue } = JSON.parse(told[0] ?? '{}') as { queue: number };
    expect(Math.floor(queue / 1000)).toBe(5);
  });
});

describe('an answer that takes too long', () => {
  const endless = tierOf(async function* wait(_assignment, signal) {
    await once(signal, 'abort');
    signal.throwIfAborted();
    yield finish;
  });

  it('ends with the limit that it has passed', async () => {
    const { error } = await answer({ tiers: [endless], completionMs: 5 });
    expect(error).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('0.005 s (RESPONSE_COMPLETION_TIMEOUT)'),
    });
  });

  it('names the step that the page was at, where nothing was asked', async () => {
    const page = { refresh: async () => undefined, preparing: 'attach files' };
    const { error, job } = await answer(
      { tiers: [endless], completionMs: 5 },
      { slot: { page } as unknown as Slot },
    );
    expect(error).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('"attach files"'),
    });
    expect(job).toEqual(['complete']);
  });
});

describe('a page that fails', () => {
  const lacking = (): PageError =>
    new PageError('choose the model', 'there is no list', { isLacking: true }).asUnsent();
  const evidence = (kept: unknown[]): Partial<Slot> => ({
    keepEvidence: async (error) => void kept.push(error),
  });

  it('leaves evidence of what it failed at', async () => {
    const kept: unknown[] = [];
    const error = lacking();
    await answer({ tiers: [failing(error)] }, { slot: evidence(kept) });
    expect(kept).toEqual([error]);
  });

  it('is known to have changed where another page lacked the same; the next prompt learns it at once', async () => {
    const knownFailures = new KnownFailures();
    const options = { tiers: [failing(lacking())], knownFailures };
    const first = await answer(options);
    expect(first.job).toEqual(['giveBack']);
    expect(knownFailures.has(lacking().message)).toBe(false);
    const redis = new FakeRedis();
    redis.begun = [2, JSON.stringify(toErrorRecord(lacking()))];
    const second = await answer(options, { redis });
    expect(second.job).toEqual(['complete']);
    expect(knownFailures.has(lacking().message)).toBe(true);
    const third = await answer(options);
    expect(third.job).toEqual(['complete']);
    expect(third.page).toEqual(['given back']); // no other would be better
  });

  it('has not changed where another page failed at something else, or lacked nothing', async () => {
    for (const [before, now] of [
      [new PageError('press Run', 'it is gone'), lacking()],
      [new PageError('press Run', 'it is slow'), new PageError('press Run', 'it is slow')],
    ] as const) {
      const knownFailures = new KnownFailures();
      const redis = new FakeRedis();
      redis.begun = [2, JSON.stringify(toErrorRecord(before))];
      await answer({ tiers: [failing(now)], knownFailures }, { redis });
      expect(knownFailures.has(now.message)).toBe(false);
    }
  });

  it('is not worth another where the failure is not its own', async () => {
    const busy = new PageError('load the page', 'too slow', { code: 'timeout' }).asUnsent();
    expect((await answer({ tiers: [failing(busy)] })).job).toEqual(['complete']);
    expect((await answer({ tiers: [failing(new Error('a bug'))] })).job).toEqual(['complete']);
  });

  it('is to blame for what it calls the client’s, unless that is said by the service', async () => {
    const onPage = new PageError('attach files', 'refused', { code: 'invalid_value' });
    expect((await answer({ tiers: [failing(onPage)] })).page[0]).toContain('recovery required');
    expect((await answer({ tiers: [failing(new Error('a bug'))] })).page[0]).toContain('a bug');
  });
});
