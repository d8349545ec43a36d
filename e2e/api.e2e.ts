import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import {
  beginAttempt,
  connectRedis,
  type JobEvent,
  type JobWriter,
  Job,
  type ModelList,
  names,
  Plan,
  publishStatus,
  readStatuses,
  type RedisConnection,
  type Status,
} from '@aistudio/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Queue, Worker } from 'bullmq';
import { OpenAI } from 'openai';

import { startRedis } from './redis-server.ts';

const root = join(import.meta.dirname, '..');
const model = 'gemini-2.5-flash';
const models: ModelList = {
  at: Date.now(),
  models: [
    {
      id: model,
      displayName: 'Gemini 2.5 Flash',
      aliases: ['gemini-flash'],
      methods: ['generateContent'],
      capabilities: [],
      thinking: { type: 'none' },
      paidOnly: false,
    },
  ],
};
const text = (piece: string): JobEvent => ({ type: 'text', text: piece });
const finish: JobEvent = { type: 'finish', reason: 'stop' };
const question = { model, messages: [{ role: 'user' as const, content: 'Hi' }] };

/** The API as a process of its own, on any free port. */
async function startApi(
  redisUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly url: string; readonly child: ChildProcess } & AsyncDisposable> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', 'packages/api/src/main.ts'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        REDIS_URL: redisUrl,
        PORT: '0',
        STREAM_PORT: '0',
        LOG_LEVEL: 'error',
        ...environment,
      },
    },
  );
  const [ready] = (await once(child, 'message')) as [{ url: string }];
  return {
    url: ready.url,
    child,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** What the stand-in for the browser driver does with a job. */
type Answer = (writer: JobWriter, job: Job, plan: Plan) => Promise<void>;

const sayHello: Answer = async (writer) => {
  await writer.append({ type: 'started', tier: 'stream-proxy', model });
  await writer.append(text('Hello'));
  await writer.append(text(' world'));
  await writer.append(finish);
};

let redisServer: Awaited<ReturnType<typeof startRedis>>;
let redis: RedisConnection;
let queue: Queue<Job>;
let api: Awaited<ReturnType<typeof startApi>>;
let driver: Awaited<ReturnType<typeof publishStatus>>;
let driverStatus: Status;
let worker: Worker<Job>;
let answer: Answer;
let client: OpenAI;

beforeAll(async () => {
  redisServer = await startRedis();
  redis = await connectRedis(redisServer.url);
  queue = new Queue<Job>(names.queue, { connection: redis, prefix: names.queuePrefix });
  worker = new Worker<Job>(
    names.queue,
    async ({ data }) => {
      const job = Job.parse(data);
      const writer = await beginAttempt(redis, job.id);
      const plan = Plan.parse(JSON.parse((await redis.get(names.plan(job.id))) ?? ''));
      if (writer) await answer(writer, job, plan);
    },
    { connection: redis, prefix: names.queuePrefix },
  );
  driver = await publishStatus(redis, 'browser-driver', 'fake', () => driverStatus);
  api = await startApi(redisServer.url, { QUEUE_LIMIT: '2', QUEUE_TIMEOUT: '1500' });
  client = new OpenAI({ baseURL: `${api.url}/v1`, apiKey: 'any', maxRetries: 0 });
});

beforeEach(async () => {
  answer = sayHello;
  driverStatus = { ready: true, detail: {} };
  await driver.now();
  await redis.set(names.models, JSON.stringify(models));
});

afterEach(async () => {
  if (worker.isPaused()) await worker.resume();
});

afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await driver[Symbol.asyncDispose]();
  await worker.close();
  await queue.close();
  await redis[Symbol.asyncDispose]();
  await redisServer[Symbol.asyncDispose]();
});

/** Resolves once `look` finds something; jest's own limit is the deadline. */
async function eventually<T>(look: () => Promise<T | undefined | false | null>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A gate to hold an answer at. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open: () => open() };
}

const post = (fields: object, signal?: AbortSignal): Promise<Response> =>
  fetch(`${api.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ ...question, ...fields }),
    headers: { 'content-type': 'application/json' },
    signal: signal ?? null,
  });

/** Status, code and Retry-After of a failure. */
async function failureOf(response: Response): Promise<object> {
  const { error } = (await response.json()) as { error: { code: string } };
  return {
    status: response.status,
    code: error.code,
    retryAfter: response.headers.get('retry-after'),
  };
}

describe('a chat by way of the queue', () => {
  it('is answered by whoever takes the job, streamed and not', async () => {
    let seen: { job: Job; plan: Plan } | undefined;
    answer = async (writer, job, plan) => {
      seen = { job, plan };
      await sayHello(writer, job, plan);
    };
    const response = await post({ temperature: 0.5 });
    const completion = (await response.json()) as OpenAI.ChatCompletion;
    expect(completion.choices[0]?.message.content).toBe('Hello world');
    expect(response.headers.get('x-request-id')).toBe(completion.id);
    expect(response.headers.get('x-aistudio-tier')).toBe('stream-proxy');
    expect(seen?.job.id).toBe(completion.id);
    expect(seen?.plan.turns).toEqual([{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }]);
    await eventually(async () => (await redis.exists(names.plan(completion.id))) === 0);

    const stream = client.chat.completions.stream({ ...question, model: 'models/gemini-flash' });
    expect(await stream.finalContent()).toBe('Hello world');
  });

  it('holds a stream’s status back until it is known', async () => {
    const error = { status: 502, type: 'server_error', code: 'upstream_error', param: null };
    answer = async (writer) => {
      await writer.append({ type: 'started', tier: 'dom', model });
      await writer.append({ type: 'error', error: { ...error, message: 'The page failed.' } });
    };
    expect(await failureOf(await post({ stream: true }))).toMatchObject({
      status: 502,
      code: 'upstream_error',
    });
  });
});

describe('a client that goes away', () => {
  it('cancels its job at once while it runs', async () => {
    const stopped = gate();
    let stoppedAt = 0;
    answer = async (writer, { id }) => {
      await writer.append(text('endless'));
      await eventually(() => redis.exists(names.cancelled(id)));
      stoppedAt = Date.now();
      await writer.append(finish);
      stopped.open();
    };
    const leaving = new AbortController();
    const response = await post({ stream: true }, leaving.signal);
    await response.body?.getReader().read();
    const left = Date.now();
    leaving.abort();
    await stopped.passed;
    expect(stoppedAt - left).toBeLessThan(500);
  });

  it('takes its job out of the queue while it waits', async () => {
    await worker.pause();
    const leaving = new AbortController();
    const asking = post({}, leaving.signal).catch(() => undefined);
    const [job] = await eventually(async () => {
      const jobs = await queue.getWaiting();
      return jobs.length > 0 && jobs;
    });
    leaving.abort();
    await asking;
    await eventually(async () => (await queue.getWaitingCount()) === 0);
    await eventually(async () => redis.hget(names.state(job?.id ?? ''), 'closed'));
    await eventually(async () => (await redis.exists(names.plan(job?.id ?? ''))) === 0);
    expect(await queue.getJobCounts('active', 'failed')).toEqual({ active: 0, failed: 0 });
  });
});

describe('what cannot be taken', () => {
  it('is refused as queue_full beyond QUEUE_LIMIT, however many come together', async () => {
    await worker.pause();
    const leaving = new AbortController();
    const codes: unknown[] = [];
    const asking = Array.from({ length: 6 }, async () => {
      const response = await post({}, leaving.signal).catch(() => undefined);
      if (response) codes.push(await failureOf(response));
    });
    await eventually(async () => codes.length === 4);
    const full = { status: 429, code: 'queue_full', retryAfter: '10' };
    expect(codes).toEqual([full, full, full, full]);
    expect(await queue.getWaitingCount()).toBe(2);
    leaving.abort();
    await Promise.all(asking);
    await eventually(async () => (await queue.getWaitingCount()) === 0);
  });

  it('ends as timeout after QUEUE_TIMEOUT, and never starts', async () => {
    await worker.pause();
    const before = Date.now();
    const failure = await failureOf(await post({ stream: true }));
    expect(failure).toMatchObject({ status: 504, code: 'timeout' });
    expect(Date.now() - before).toBeGreaterThanOrEqual(1500);
    expect(Date.now() - before).toBeLessThan(2500);
    expect(await queue.getWaitingCount()).toBe(0);
  });

  it('is refused at once while the model’s quota rests', async () => {
    await redis.set(names.cooldown(model), 'Quota used up.', 'EX', 3000);
    const response = await post({});
    await redis.del(names.cooldown(model));
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(await failureOf(response)).toEqual({
      status: 429,
      code: 'rate_limit_exceeded',
      retryAfter: '3000',
    });
  });

  it('is refused while no browser is ready, nobody signed in, or the list unknown', async () => {
    driverStatus = { ready: false, detail: {} };
    await driver.now();
    expect(await failureOf(await post({}))).toMatchObject({ status: 503, code: 'not_ready' });
    driverStatus = { ready: false, detail: { reason: 'not_signed_in' } };
    await driver.now();
    expect(await failureOf(await post({}))).toMatchObject({ status: 503, code: 'not_signed_in' });
    await redis.del(names.models);
    expect(await failureOf(await post({}))).toMatchObject({ code: 'not_ready', retryAfter: '5' });
    expect(await failureOf(await post({ model: 7 }))).toMatchObject({ code: 'invalid_value' });
  });
});

describe('health', () => {
  it('tells each part, and follows what happens', async () => {
    const health = async (): Promise<{ status: number; body: unknown }> => {
      const response = await fetch(`${api.url}/health`);
      return { status: response.status, body: await response.json() };
    };
    expect(await health()).toMatchObject({
      status: 200,
      body: {
        status: 'ok',
        parts: { redis: { ready: true }, 'browser-driver': { ready: true }, models: { count: 1 } },
      },
    });
    expect((await readStatuses(redis)).find(({ kind }) => kind === 'api')).toMatchObject({
      ready: true,
      detail: { url: api.url },
    });
    await redis.del(names.models);
    expect(await health()).toMatchObject({
      status: 503,
      body: { parts: { models: { ready: false } } },
    });
  });
});

describe('the process', () => {
  it('cancels what it answers when it is told to stop, and when it is killed lets the lease lapse', async () => {
    for (const [signal, found] of [
      ['SIGTERM', 'cancelled'],
      ['SIGKILL', 'unread'],
    ] as const) {
      await using second = await startApi(redisServer.url);
      let state = '';
      const seen = gate();
      answer = async (writer) => {
        await writer.append(text('endless'));
        state = await eventually(async () => {
          const now = await writer.renew();
          return now !== 'ok' && now;
        });
        await writer.append(finish);
        seen.open();
      };
      const response = await fetch(`${second.url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ ...question, stream: true }),
      });
      await response.body?.getReader().read();
      const exited = once(second.child, 'exit');
      second.child.kill(signal);
      await seen.passed;
      expect(state).toBe(found);
      expect(await exited).toEqual(signal === 'SIGTERM' ? [0, null] : [null, 'SIGKILL']);
    }
  });

  it('answers 503 while Redis is away, and still stops when told to', async () => {
    const own = await startRedis();
    const second = await startApi(own.url);
    const failure = async (): Promise<object> => failureOf(await fetch(`${second.url}/v1/models`));
    expect(await failure()).toMatchObject({ status: 503, retryAfter: '5' }); // no list yet
    await own[Symbol.asyncDispose]();
    expect(await failure()).toMatchObject({ status: 503, code: 'not_ready', retryAfter: '2' });
    expect((await fetch(`${second.url}/health`)).status).toBe(503);
    await second[Symbol.asyncDispose]();
    expect(second.child.exitCode).toBe(0);
  });
});
