import { once } from 'node:events';

import {
  beginAttempt,
  Job,
  type JobEvent,
  type JobWriter,
  LEASE_RENEWAL_MS,
  type ModelList,
  names,
  Plan,
  publishModelList,
  publishStatus,
  type Status,
} from '@aistudio/core';
import { Queue, Worker } from 'bullmq';
import { type Redis } from 'ioredis';

import { NOBODY } from './cooldowns.ts';

/** The one model that the stand-in offers. */
export const MODEL = 'gemini-2.5-flash';

const models: ModelList = {
  at: Date.now(),
  models: [
    {
      id: MODEL,
      displayName: 'Gemini 2.5 Flash',
      aliases: ['gemini-flash'],
      methods: ['generateContent'],
      capabilities: [],
      thinking: { type: 'none' },
      paidOnly: false,
    },
  ],
};

/** A piece of an answer. */
export const text = (piece: string): JobEvent => ({ type: 'text', text: piece });
/** The usual end. */
export const finish: JobEvent = { type: 'finish', reason: 'stop' };

/** What the stand-in does with a job. */
export type Answer = (writer: JobWriter, job: Job, plan: Plan) => Promise<void>;

/** The shortest answer there is. */
export const sayHello: Answer = async (writer) => {
  await writer.append({ type: 'started', tier: 'stream-proxy', model: MODEL });
  await writer.append(text('Hello'));
  await writer.append(text(' world'));
  await writer.append(finish);
};

/** Stands in for the browser driver: takes jobs from the queue and answers as it is told. */
export interface StandInDriver extends AsyncDisposable {
  /** To be set; {@link sayHello} after a reset. */
  answer: Answer;
  readonly worker: Worker<Job>;
  readonly queue: Queue<Job>;
  /** Says `status` of itself from now on. */
  say(status: Status): Promise<void>;
  /** Ready, with its model list published, answering with {@link sayHello}. */
  reset(): Promise<void>;
}

/** Starts one that is ready. */
export async function startStandInDriver(redis: Redis): Promise<StandInDriver> {
  const queue = new Queue<Job>(names.queue, { connection: redis, prefix: names.queuePrefix });
  const worker = new Worker<Job>(
    names.queue,
    async ({ data }) => {
      const job = Job.parse(data);
      const writer = await beginAttempt(redis, job.id);
      const plan = Plan.parse(JSON.parse((await redis.get(names.plan(job.id))) ?? ''));
      if (typeof writer === 'string') return;
      const renewal = setInterval(() => void writer.renew(), LEASE_RENEWAL_MS);
      await driver.answer(writer, job, plan).finally(() => clearInterval(renewal));
    },
    { connection: redis, prefix: names.queuePrefix },
  );
  let current: Status = { ready: true, detail: {} };
  const publishing = await publishStatus(redis, 'browser-driver', 'stand-in', () => current);
  const say = async (status: Status): Promise<void> => {
    current = status;
    await publishing.now();
  };
  const driver: StandInDriver = {
    answer: sayHello,
    worker,
    queue,
    say,
    async reset() {
      driver.answer = sayHello;
      if (worker.isPaused()) await worker.resume();
      await say({ ready: true, detail: {} });
      await publishModelList(redis, NOBODY, models);
    },
    async [Symbol.asyncDispose]() {
      await publishing[Symbol.asyncDispose]();
      await worker.close(true); // a failed test may have left an answer without an end
      await queue.close();
    },
  };
  await driver.reset();
  return driver;
}

/** How long {@link eventually} looks, ms. */
const LOOK_MS = 40_000;

/** Resolves once `look` finds something; throws when it never does. */
export async function eventually<T>(look: () => Promise<T | undefined | false | null>): Promise<T> {
  const giveUpAt = Date.now() + LOOK_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > giveUpAt) throw new Error(`It did not come to pass: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A gate to hold an answer at. */
export function gate(): { readonly passed: Promise<unknown>; open(): void } {
  const controller = new AbortController();
  return { passed: once(controller.signal, 'abort'), open: () => controller.abort() };
}
