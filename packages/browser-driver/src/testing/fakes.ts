import {
  type ErrorRecord,
  type JobEvent,
  type LeaseState,
  PLAIN_SETTINGS,
  type Plan,
} from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { type Redis } from 'ioredis';

import { KnownFailures } from '../job/known-failures.ts';
import { type RunJobOptions } from '../job/run-job.ts';
import { BackgroundJobs } from '../queue/background-jobs.ts';
import { type TakenJob } from '../queue/job-queue.ts';
import { type WorkerPool } from '../queue/worker-pool.ts';
import { type Slot, type SlotLease } from '../slots/slot.ts';
import { type Tier } from '../tiers/tier.ts';

export const MODEL = 'gemini-2.5-flash';
export const text = (piece: string): JobEvent => ({ type: 'text', text: piece });
export const finish: JobEvent = { type: 'finish', reason: 'stop' };

const plan: Plan = {
  model: MODEL,
  turns: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
  settings: PLAIN_SETTINGS,
};

/** One job in Redis, as its scripts answer; what was written is kept. */
export class FakeRedis {
  /** What beginning an attempt finds. */
  begun: [number, string?] = [1];
  leaseState: LeaseState = 'ok';
  readonly events: JobEvent[] = [];
  givenBack: { failure: ErrorRecord | undefined } | undefined;
  readonly cooldowns: (string | number)[][] = [];
  status = 'ready';

  get = async (): Promise<string> => JSON.stringify(plan);
  set = async (): Promise<string> => 'OK';
  aistudioBeginAttempt = async (): Promise<unknown> => {
    const [attempt, failure = ''] = this.begun;
    return attempt > 0 ? [attempt, failure] : [attempt];
  };
  aistudioAppendEvent = async (...values: unknown[]): Promise<number> => {
    const events = values.slice(9).map((event) => JSON.parse(String(event)) as JobEvent);
    this.events.push(...events);
    return 1;
  };
  aistudioRenewWriter = async (): Promise<LeaseState> => this.leaseState;
  aistudioGiveJobBack = async (...values: unknown[]): Promise<number> => {
    const failure = String(values.at(-1));
    this.givenBack = {
      failure: failure === '' ? undefined : (JSON.parse(failure) as ErrorRecord),
    };
    return 1;
  };
  aistudioReadCooldowns = async (): Promise<unknown[]> => [];
  aistudioSetCooldown = async (...values: (string | number)[]): Promise<void> => {
    this.cooldowns.push(values);
  };

  /** Code of the error that ended the job. */
  get failure(): string | undefined {
    const [error] = this.events.flatMap((event) => (event.type === 'error' ? [event.error] : []));
    return error?.code;
  }
}

/** A job out of the queue; `calls` has what became of it. */
export function fakeTaken(id = 'job'): TakenJob & { readonly calls: string[] } {
  const calls: string[] = [];
  const note = (name: string) => async (): Promise<void> => void calls.push(name);
  return {
    job: { id, model: MODEL, acceptedAt: Date.now(), isBackground: false },
    calls,
    renew: () => Promise.resolve(),
    complete: note('complete'),
    giveBack: note('giveBack'),
    postpone: note('postpone'),
  };
}

/** A page for a prompt; `calls` has what became of it. */
export function fakeLease(changed: Partial<Slot> = {}): SlotLease & { readonly calls: string[] } {
  const calls: string[] = [];
  const slot = {
    id: 'a',
    page: { refresh: () => Promise.resolve(), preparing: undefined },
    lost: new AbortController().signal,
    requireRecovery: (reason: string) => void calls.push(`recovery required: ${reason}`),
    keepEvidence: () => Promise.resolve(),
    ...changed,
  };
  let isLeft = false;
  const leave = (how: string) => (): void => {
    if (!isLeft) calls.push(how);
    isLeft = true;
  };
  return {
    slot: slot as unknown as Slot,
    calls,
    putBack: leave('put back'),
    [Symbol.dispose]: leave('given back'),
  };
}

/** A worker that is alone, but for what is given. */
export const fakePool = (changed: Partial<WorkerPool> = {}): WorkerPool => ({
  refresh: () => Promise.resolve(),
  othersCanServe: () => false,
  leftToOthers: () => new Set(),
  cooldown: () => undefined,
  failureOf: () => undefined,
  [Symbol.dispose]: () => undefined,
  ...changed,
});

/** A tier that answers so. */
export const tierOf = (answer: Tier['answer']): Tier => ({ name: 'dom', usesPage: true, answer });

/** All that running a job takes. */
export function fakeOptions(redis: FakeRedis, changed: Partial<RunJobOptions> = {}): RunJobOptions {
  return {
    redis: redis as unknown as Redis,
    pool: fakePool(),
    tiers: [],
    knownFailures: new KnownFailures(),
    models: () => undefined,
    account: () => 'us',
    completionMs: 60_000,
    coolDownSeconds: 60,
    cancellations: {
      watch: () => ({
        signal: new AbortController().signal,
        [Symbol.dispose]: () => undefined,
      }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    background: new BackgroundJobs({
      delayMs: 0,
      realJobWaits: () => Promise.resolve(false),
      log: silentLog,
    }),
    log: silentLog,
    ...changed,
  };
}
