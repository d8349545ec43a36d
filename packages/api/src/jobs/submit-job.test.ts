import {
  type ErrorRecord,
  type Job,
  type JobEvent,
  type JobStreams,
  LEASE_RENEWAL_MS,
  names,
  PLAIN_SETTINGS,
  StudioError,
  toErrorRecord,
} from '@aistudio/core';
import { collect, silentLog } from '@aistudio/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Redis } from 'ioredis';

import { type WholePlan } from '../files/remote-file.ts';
import { ANONYMOUS } from '../keys/caller.ts';
import { type PromptQueue } from './queue/prompt-queue.ts';
import { StoredFailureError } from './retries.ts';
import { createJobSubmitter, type JobRequest } from './submit-job.ts';

const MODEL = 'gemini-2.5-flash';
const plan: WholePlan = { model: MODEL, turns: [], settings: PLAIN_SETTINGS };
const text: JobEvent = { type: 'text', text: 'Hello' };
const finish: JobEvent = { type: 'finish', reason: 'stop' };
const stopped = new StudioError('not_ready', 'The server is shutting down.');

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A Redis that has a driver ready, and keeps what is stored; `calls` has what was done to it. */
class FakeRedis {
  status = 'ready';
  readonly stored = new Map<string, string>();
  readonly calls: string[] = [];
  isReady = true;
  canJoin = true;
  failure: ErrorRecord | undefined;

  get = async (key: string) => this.stored.get(key) ?? null;
  readonly #expiries = new Map<string, number>();
  set = async (key: string, value: string, _unit?: string, ms = 0) => {
    this.stored.set(key, value);
    this.#expiries.set(key, Date.now() + ms);
  };
  pttl = async (key: string) => (this.#expiries.get(key) ?? 0) - Date.now();
  del = async (...keys: string[]) => {
    for (const key of keys) this.stored.delete(key);
  };
  hget = async (_key: string, field: string) =>
    field === 'failure' && this.failure ? JSON.stringify(this.failure) : null;
  aistudioReadEntries = async () =>
    [{ kind: 'browser-driver', instance: 'a', at: 0, ready: this.isReady, detail: {} }].map((one) =>
      JSON.stringify(one),
    );
  aistudioReadCooldowns = async () => [];
  aistudioRenewReader = async (...values: unknown[]) =>
    void this.calls.push(`lease ${String(values[2])}`);
  aistudioJoinJob = async (...values: unknown[]) => {
    this.calls.push(`join as ${String(values.at(-1))}`);
    return this.canJoin ? 1 : 0;
  };
  aistudioLeaveJob = async () => {
    this.calls.push('leave');
    return 1;
  };
}

type Run = ReturnType<typeof start>;
/** Asks with these; `calls` has what the queue was told. */
function start(events: (signal: AbortSignal) => AsyncGenerator<JobEvent> = answer) {
  const redis = new FakeRedis();
  const calls: unknown[] = [];
  const state = { isWaiting: true, isFull: false };
  const stopping = new AbortController();
  const over = new AbortController();
  const queue = {
    requireRoom: async (owner: string) => {
      if (state.isFull) throw new StudioError('queue_full', owner);
    },
    enter: async (job: Job, entered: WholePlan, of: object) =>
      void calls.push(['enter', job, entered, of]),
    withdraw: async (id: string, error: Error) => void calls.push(['withdraw', id, error.message]),
    forget: async (id: string) => void calls.push(['forget', id]),
    isWaiting: async () => state.isWaiting,
  };
  const read: string[] = [];
  const streams = {
    read(id: string, signal: AbortSignal) {
      read.push(id);
      return events(signal);
    },
  };
  const submitter = createJobSubmitter(
    redis as unknown as Redis,
    streams as unknown as JobStreams,
    queue as unknown as PromptQueue,
    { waitingMs: 10_000, totalMs: 60_000 },
    { stopping: stopping.signal, over: over.signal },
    silentLog,
  );
  const ask = (changed: Partial<JobRequest> = {}) =>
    submitter.submit({
      id: 'new',
      acceptedAt: Date.now(),
      model: MODEL,
      plan: async () => plan,
      caller: ANONYMOUS,
      isBackground: false,
      signal: new AbortController().signal,
      isStreamed: true,
      repeat: undefined,
      ...changed,
    });
  return { redis, calls, state, stopping, over, read, ask, submitter };
}
async function* answer(): AsyncGenerator<JobEvent> {
  yield* [text, finish];
}
/** Says nothing until its reader has to leave. */
async function* silence(signal: AbortSignal): AsyncGenerator<JobEvent> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  signal.throwIfAborted();
  yield finish;
}
const firstAttempt = { fingerprint: 'f', isRepeated: false };
const retry = { fingerprint: 'f', isRepeated: true };

describe('a request for an answer', () => {
  it('enters the queue as its caller’s, and is read to its end', async () => {
    const { ask, calls, read, redis } = start();
    const acceptedAt = Date.now();
    const given = await ask({ isBackground: true });
    expect(given).toMatchObject({ id: 'new', acceptedAt, endsBy: acceptedAt + 60_000, plan });
    const job = { id: 'new', model: MODEL, acceptedAt, isBackground: true };
    expect(calls).toEqual([['enter', job, plan, { owner: 'anonymous', priority: 'normal' }]]);
    expect(await collect(given.events)).toEqual([text, finish]);
    await jest.advanceTimersByTimeAsync(0);
    expect(read).toEqual(['new']);
    expect(redis.calls).toEqual(['leave']);
    expect(redis.stored.size).toBe(0);
  });

  it.each([
    ['the queue is full', 'queue_full', (run: Run): void => void (run.state.isFull = true)],
    ['no driver is ready', 'not_ready', (run: Run): void => void (run.redis.isReady = false)],
    ['Redis is away', 'not_ready', (run: Run): void => void (run.redis.status = 'end')],
  ] as const)('is refused before anything is made of it where %s', async (_why, code, spoil) => {
    const run = start();
    spoil(run);
    let isMade = false;
    const asked = run.ask({
      plan: async () => {
        isMade = true;
        return plan;
      },
    });
    await expect(asked).rejects.toMatchObject({ code });
    expect([isMade, run.calls]).toEqual([false, []]);
  });

  it('is refused by a server that stops, also while its files are fetched', async () => {
    const { ask, stopping, calls } = start();
    const asked = ask({
      plan: async () => {
        stopping.abort(stopped);
        return plan;
      },
    });
    await expect(asked).rejects.toBe(stopped);
    await expect(ask()).rejects.toBe(stopped);
    expect(calls).toEqual([]);
  });
});

describe('a request that its client may repeat', () => {
  it('joins the job of the attempt before, and makes no plan', async () => {
    const { ask, calls, read, redis } = start();
    await ask({ repeat: firstAttempt });
    const acceptedAt = Date.now();
    await jest.advanceTimersByTimeAsync(20_000);
    const again = await ask({
      id: 'again',
      repeat: retry,
      plan: () => Promise.reject(new Error()),
    });
    expect(again).toMatchObject({ id: 'new', acceptedAt, plan: undefined });
    expect(calls).toHaveLength(1);
    await collect(again.events);
    expect(read).toEqual(['new']);
    expect(redis.calls).toContain('join as again');
  });

  it('is asked anew where the job is not worth joining', async () => {
    const { ask, calls, redis } = start();
    await ask({ repeat: firstAttempt });
    redis.canJoin = false;
    expect(await ask({ id: 'again', repeat: retry })).toMatchObject({ id: 'again', plan });
    expect(calls).toHaveLength(2);
  });

  it('joins nothing of an older request: a first attempt begins anew', async () => {
    const { ask, calls } = start();
    await ask({ repeat: firstAttempt });
    expect(await ask({ id: 'other', repeat: firstAttempt })).toMatchObject({ id: 'other' });
    expect(calls).toHaveLength(2);
  });

  it('gets the failure that its first attempt never received', async () => {
    const { ask } = start();
    const given = await ask({ repeat: firstAttempt });
    const failure = toErrorRecord(new StudioError('upstream_error', 'It failed.'));
    await given.keepFailure(failure);
    const again = ask({ id: 'again', repeat: retry });
    await expect(again).rejects.toBeInstanceOf(StoredFailureError);
    await expect(again).rejects.toMatchObject({ record: failure });
    await expect(ask({ id: 'other', repeat: firstAttempt })).resolves.toMatchObject({
      id: 'other',
    });
  });

  it('stores no failure for a request that is never retried', async () => {
    const { ask, redis } = start();
    const given = await ask();
    await given.keepFailure(toErrorRecord(new StudioError('upstream_error', 'It failed.')));
    expect(redis.stored.size).toBe(0);
  });

  it('remembers its job in place of a failure of before', async () => {
    const { ask, redis } = start();
    redis.stored.set(names.storedFailure('f'), 'x');
    await ask({ repeat: firstAttempt });
    expect([...redis.stored.keys()]).toEqual([names.submittedJob('f')]);
  });
});

describe('a reader', () => {
  /** Begins to read; gives how that ends. */
  const begin = async (run: Run, changed: Partial<JobRequest> = {}) => {
    const given = await run.ask(changed);
    const events = collect(given.events);
    events.catch(() => undefined); // looked at later
    await jest.advanceTimersByTimeAsync(0);
    return { events };
  };

  it('keeps its lease as long as it waits, and leaves with its client', async () => {
    const run = start(silence);
    const client = new AbortController();
    const { events } = await begin(run, { signal: client.signal });
    await jest.advanceTimersByTimeAsync(LEASE_RENEWAL_MS * 2);
    const lease = 'lease new';
    expect(run.redis.calls).toEqual([lease, lease]);
    client.abort(new Error('gone'));
    await expect(events).rejects.toThrow('gone');
    await run.submitter[Symbol.asyncDispose]();
    expect(run.redis.calls.at(-1)).toBe('leave');
    expect(run.calls.slice(1)).toEqual([
      ['withdraw', 'new', 'The client went away.'],
      ['forget', 'new'],
    ]);
    await jest.advanceTimersByTimeAsync(LEASE_RENEWAL_MS * 9);
    expect(run.redis.calls).toHaveLength(3);
  });

  it('gives a prompt up that no page has taken in time, with the reason of a first attempt', async () => {
    for (const failure of [undefined, toErrorRecord(new StudioError('upstream_error', 'Stuck.'))]) {
      const run = start(silence);
      run.redis.failure = failure;
      await begin(run);
      await jest.advanceTimersByTimeAsync(9999);
      expect(run.calls).toHaveLength(1);
      await jest.advanceTimersByTimeAsync(1);
      const words = failure ? /A first attempt failed.*Stuck\./ : /No page became free in time/;
      expect(run.calls[1]).toEqual(['withdraw', 'new', expect.stringMatching(words)]);
    }
  });

  it('gives nothing up that has begun', async () => {
    const run = start(async function* begun(signal: AbortSignal): AsyncGenerator<JobEvent> {
      yield text;
      yield* silence(signal);
    });
    await begin(run);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(run.calls).toHaveLength(1);
  });

  it('has all the time there is for an answer, and no more', async () => {
    const { events } = await begin(start(silence));
    await jest.advanceTimersByTimeAsync(60_000);
    await expect(events).rejects.toMatchObject({ code: 'timeout' });
  });

  it('gives up what waits once the server stops, and lets what has begun go on until that is over', async () => {
    const waiting = start(silence);
    const { events: waits } = await begin(waiting);
    waiting.stopping.abort(stopped);
    await expect(waits).rejects.toBe(stopped);

    const running = start(silence);
    running.state.isWaiting = false;
    const { events: runs } = await begin(running);
    running.stopping.abort(stopped);
    await jest.advanceTimersByTimeAsync(5000);
    let hasEnded = false;
    runs.catch(() => (hasEnded = true));
    await jest.advanceTimersByTimeAsync(0);
    expect(hasEnded).toBe(false);
    const over = new Error('over');
    running.over.abort(over);
    await expect(runs).rejects.toBe(over);
  });

  it('gives up at once what it begins to wait for while the server stops', async () => {
    const run = start(silence);
    const given = await run.ask();
    run.stopping.abort(stopped);
    await expect(collect(given.events)).rejects.toBe(stopped);
  });

  it.each([
    ['a client that has a part of a streamed answer', true, true],
    ['a client that gets nothing before the end', false, false],
  ])('waits for no return of %s: %p', async (_who, isStreamed, isAtOnce) => {
    const run = start(async function* begun(signal: AbortSignal): AsyncGenerator<JobEvent> {
      yield text;
      yield* silence(signal);
    });
    const client = new AbortController();
    const given = { signal: client.signal, isStreamed, repeat: firstAttempt };
    await begin(run, { ...given, acceptedAt: Date.now() - 30_000 });
    client.abort(new Error('gone'));
    await jest.advanceTimersByTimeAsync(0);
    expect(run.redis.calls.includes('leave')).toBe(isAtOnce);
    await jest.advanceTimersByTimeAsync(1500);
    expect(run.redis.calls).toContain('leave');
  });
});
