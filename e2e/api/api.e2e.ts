import { once } from 'node:events';

import {
  connectRedis,
  type Job,
  names,
  type Plan,
  readStatuses,
  type RedisConnection,
} from '@aistudio/core';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenAI } from 'openai';

import { type ApiProcess, startApi } from '../support/api-process.ts';
import { contention } from '../support/contention.ts';
import { forgetCooldowns, NOBODY, rest } from '../support/cooldowns.ts';
import { keepForAll } from '../support/keep.ts';
import { startRedis } from '../support/redis-server.ts';
import {
  eventually,
  finish,
  gate,
  MODEL as model,
  sayHello,
  type StandInDriver,
  startStandInDriver,
  text,
} from '../support/stand-in-driver.ts';

const question = { model, messages: [{ role: 'user' as const, content: 'Hi' }] };

let redisServer: Awaited<ReturnType<typeof startRedis>>;
let redis: RedisConnection;
let driver: StandInDriver;
let api: ApiProcess;
let client: OpenAI;

const keep = keepForAll();
beforeAll(async () => {
  redisServer = keep(await startRedis());
  redis = keep(await connectRedis(redisServer.url));
  driver = keep(await startStandInDriver(redis));
  api = keep(await startApi(redisServer.url, { QUEUE_LIMIT: '2', QUEUE_TIMEOUT: '1500' }));
  client = new OpenAI({ baseURL: `${api.url}/v1`, apiKey: 'any', maxRetries: 0 });
});

beforeEach(async () => {
  await driver.reset();
});

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
    driver.answer = async (writer, job, plan) => {
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
    driver.answer = async (writer) => {
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
    driver.answer = async (writer, { id }) => {
      await writer.append(text('endless'));
      await eventually(() => redis.exists(names.cancelled(id)));
      stoppedAt = performance.now();
      await writer.append(finish);
      stopped.open();
    };
    const leaving = new AbortController();
    const response = await post({ stream: true }, leaving.signal);
    await response.body?.getReader().read();
    const left = performance.now();
    leaving.abort();
    await stopped.passed;
    expect(stoppedAt - left).toBeLessThan(500 * contention());
  });

  it('takes its job out of the queue while it waits', async () => {
    await driver.worker.pause();
    const leaving = new AbortController();
    const asking = post({}, leaving.signal).catch(() => undefined);
    const [job] = await eventually(async () => {
      const jobs = await driver.queue.getPrioritized();
      return jobs.length > 0 && jobs;
    });
    leaving.abort();
    await asking;
    await eventually(async () => (await driver.queue.getPrioritizedCount()) === 0);
    await eventually(async () => redis.hget(names.state(job?.id ?? ''), 'closed'));
    await eventually(async () => (await redis.exists(names.plan(job?.id ?? ''))) === 0);
    expect(await driver.queue.getJobCounts('active', 'failed')).toEqual({ active: 0, failed: 0 });
  });
});

describe('what cannot be taken', () => {
  it('is refused as queue_full beyond QUEUE_LIMIT, however many come together', async () => {
    await driver.worker.pause();
    const leaving = new AbortController();
    const codes: unknown[] = [];
    const asking = Array.from({ length: 6 }, async () => {
      const response = await post({}, leaving.signal).catch(() => undefined);
      if (response) codes.push(await failureOf(response));
    });
    await eventually(async () => codes.length === 4);
    const full = { status: 429, code: 'queue_full', retryAfter: '10' };
    expect(codes).toEqual([full, full, full, full]);
    expect(await driver.queue.getPrioritizedCount()).toBe(2);
    leaving.abort();
    await Promise.all(asking);
    await eventually(async () => (await driver.queue.getPrioritizedCount()) === 0);
  });

  it('ends as timeout after QUEUE_TIMEOUT, and never starts', async () => {
    await driver.worker.pause();
    const before = performance.now();
    const failure = await failureOf(await post({ stream: true }));
    expect(failure).toMatchObject({ status: 504, code: 'timeout' });
    const ms = performance.now() - before;
    expect(ms).toBeGreaterThan(1400); // a timer may be a little early
    expect(ms).toBeLessThan(2500 * contention());
    expect(await driver.queue.getPrioritizedCount()).toBe(0);
  });

  it('is refused at once while the model’s quota rests', async () => {
    await rest(redis, model, 3000);
    const response = await post({});
    await forgetCooldowns(redis);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(await failureOf(response)).toEqual({
      status: 429,
      code: 'rate_limit_exceeded',
      retryAfter: '3000',
    });
  });

  it('is refused while no browser is ready, nobody signed in, or the list unknown', async () => {
    await driver.say({ ready: false, detail: {} });
    expect(await failureOf(await post({}))).toMatchObject({ status: 503, code: 'not_ready' });
    await driver.say({ ready: false, detail: { reason: 'not_signed_in' } });
    expect(await failureOf(await post({}))).toMatchObject({ status: 503, code: 'not_signed_in' });
    await redis.del(names.models(NOBODY));
    expect(await failureOf(await post({}))).toMatchObject({ code: 'not_signed_in' });
    await driver.say({ ready: true, detail: {} });
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
    const slots = [{ id: 'a-0', state: 'busy', proxyPassword: 'secret' }];
    await driver.say({ ready: true, detail: { slots, tiers: ['dom'], port: 1 } });
    const { body } = await health();
    expect(body).toMatchObject({ tiers: ['dom'] });
    expect(JSON.stringify(body)).not.toMatch(/secret|port/);
    expect(await (await fetch(`${api.url}/api/info`)).json()).toMatchObject({
      base_url: `${api.url}/v1`,
      tiers: ['dom'],
      models: 1,
      profile: null,
      limits: { queued: 2, waiting_ms: 1500 },
    });
    await redis.del(names.models(NOBODY));
    expect(await health()).toMatchObject({
      status: 503,
      body: { parts: { models: { ready: false } } },
    });
  });
});

describe('metrics', () => {
  it('show what waits, what runs and what rests', async () => {
    const hold = gate();
    driver.answer = async (writer) => {
      await writer.append(text('x'));
      await hold.passed;
      await writer.append(finish);
    };
    const asking = [post({}), post({})];
    const page = async (): Promise<string> => (await fetch(`${api.url}/metrics`)).text();
    await eventually(async () => {
      const said = await page();
      return ['running', 'queued'].every((state) =>
        said.includes(`aistudio_prompts{state="${state}"} 1\n`),
      );
    });
    await rest(redis, model, 100);
    const said = await page();
    await forgetCooldowns(redis);
    expect(said).toMatch(
      new RegExp(`^aistudio_model_cooldown_seconds\\{model="${model}"\\} (100|99\\.\\d+)$`, 'm'),
    );
    hold.open();
    await Promise.all(asking);
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
      driver.answer = async (writer) => {
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

  it('ends what it has begun when it is told to stop, and sends away what waits and what comes', async () => {
    await using second = await startApi(redisServer.url, { SHUTDOWN_GRACE_MS: '60000' });
    const ask = (fields: object): Promise<Response> =>
      fetch(`${second.url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ ...question, ...fields }),
      });
    const storedBefore = await redis.hlen(names.storedPlans); // of the process that was killed
    const hold = gate();
    driver.answer = async (writer) => {
      await writer.append(text('begun'));
      await hold.passed;
      await writer.append(finish);
    };
    const running = await ask({ stream: true });
    const waiting = [ask({}), ask({ stream: true })];
    await eventually(async () => (await driver.queue.getPrioritizedCount()) === 2);
    const exited = once(second.child, 'exit');
    second.child.kill('SIGTERM');

    const sentAway = { status: 503, code: 'not_ready', retryAfter: '5' };
    for (const asked of waiting) expect(await failureOf(await asked)).toEqual(sentAway);
    expect(await failureOf(await ask({}))).toEqual(sentAway);
    await eventually(async () => (await driver.queue.getPrioritizedCount()) === 0);
    hold.open();
    expect(await running.text()).toMatch(/begun.*data: \[DONE\]/s);
    expect(await exited).toEqual([0, null]);
    expect(await redis.hlen(names.storedPlans)).toBe(storedBefore);
  });

  it('answers 503 while Redis is away, and still stops when told to', async () => {
    await using own = await startRedis();
    await using second = await startApi(own.url);
    const failure = async (): Promise<object> => failureOf(await fetch(`${second.url}/v1/models`));
    expect(await failure()).toMatchObject({ status: 503, retryAfter: '5' }); // no list yet
    await own[Symbol.asyncDispose]();
    expect(await failure()).toMatchObject({ status: 503, code: 'not_ready', retryAfter: '2' });
    expect((await fetch(`${second.url}/health`)).status).toBe(503);
    await second[Symbol.asyncDispose]();
    expect(second.child.exitCode).toBe(0);
  });
});
