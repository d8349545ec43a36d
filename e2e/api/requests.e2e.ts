import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';

import {
  connectRedis,
  names,
  type RedisConnection,
  StudioError,
  toErrorRecord,
} from '@aistudio/core';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenAI } from 'openai';

import { type ApiProcess, startApi } from '../support/api-process.ts';
import { contention } from '../support/contention.ts';
import { keepForAll } from '../support/keep.ts';
import { startRedis } from '../support/redis-server.ts';
import {
  type Answer,
  eventually,
  finish,
  gate,
  MODEL,
  type StandInDriver,
  startStandInDriver,
  text,
} from '../support/stand-in-driver.ts';

let redisServer: Awaited<ReturnType<typeof startRedis>>;
let redis: RedisConnection;
let driver: StandInDriver;
let api: ApiProcess;
let other: ApiProcess;

const keep = keepForAll();
beforeAll(async () => {
  redisServer = keep(await startRedis());
  redis = keep(await connectRedis(redisServer.url));
  driver = keep(await startStandInDriver(redis));
  [api, other] = await Promise.all([
    startApi(redisServer.url, { LOG_LEVEL: 'info', LOG_FORMAT: 'json' }).then(keep),
    startApi(redisServer.url, { BLANK_LINES_AFTER_MS: '100' }).then(keep),
  ]);
});

/** The ids of the jobs that were run since the test began. */
let ran: string[];

beforeEach(async () => {
  await driver.reset();
  driver.worker.concurrency = 4;
  ran = [];
});

/** Has the driver answer so, and notes that it did. */
function answerWith(answer: Answer): void {
  driver.answer = async (writer, job, plan) => {
    ran.push(job.id);
    await answer(writer, job, plan);
  };
}

/** Has the driver say nothing until the gate opens, unless the job is cancelled first. */
function answerBehind(passed: Promise<unknown>): { readonly cancelled: string[] } {
  const cancelled: string[] = [];
  let isOpen = false;
  void passed.then(() => (isOpen = true));
  answerWith(async (writer, { id }) => {
    const isCancelled = async (): Promise<boolean> =>
      (await redis.exists(names.cancelled(id))) === 1;
    await eventually(async () => isOpen || (await isCancelled()));
    if (!isOpen) {
      cancelled.push(id);
      await writer.append({ type: 'error', error: toErrorRecord(stopped) });
      return;
    }
    await writer.append(text('the only answer'));
    await writer.append(finish);
  });
  return { cancelled };
}

const stopped = new StudioError('request_cancelled', 'It was cancelled.');

let bodies = 0;
/** A request unlike any other. */
const question = (): OpenAI.ChatCompletionCreateParamsNonStreaming => ({
  model: MODEL,
  messages: [{ role: 'user', content: `question ${++bodies}` }],
});

interface Posting {
  readonly to?: ApiProcess;
  readonly retryCount?: number;
  readonly key?: string;
  readonly signal?: AbortSignal;
}

const post = (
  body: object,
  { to = api, retryCount = 0, key = 'a key', signal }: Posting = {},
): Promise<Response> =>
  fetch(`${to.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${key.replace(' ', '-')}`,
      'x-stainless-retry-count': String(retryCount),
    },
    signal: signal ?? null,
  });

/** Id and text of an answer in one piece. */
async function read(response: Response): Promise<{ id: string; text: string }> {
  const completion = (await response.json()) as OpenAI.ChatCompletion;
  expect(response.headers.get('x-request-id')).toBe(completion.id);
  return { id: completion.id, text: completion.choices[0]?.message.content ?? '' };
}

const readers = (id: string): Promise<number> => redis.zcard(names.readers(id));
const running = (count = 1): Promise<boolean> => eventually(async () => ran.length === count);

describe('a request that an SDK sends again', () => {
  it('joins the one that runs, by way of any API process', async () => {
    const hold = gate();
    answerBehind(hold.passed);
    const body = question();
    const first = post(body);
    await running();
    const second = post(body, { to: other, retryCount: 1 });
    await eventually(async () => (await readers(ran[0]!)) === 2);
    hold.open();

    const answers = await Promise.all([read(await first), read(await second)]);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[0]).toEqual({ id: ran[0], text: 'the only answer' });
    expect(ran).toHaveLength(1);
  });

  it('E-12: is told the failure that came too late for the status of the first, and asks nobody', async () => {
    const error = toErrorRecord(new StudioError('upstream_error', 'The page failed.'));
    answerWith(async (writer) => {
      await setTimeout(300);
      await writer.append({ type: 'error', error });
    });
    const body = question();
    const first = await post(body, { to: other });
    expect(first.status).toBe(200);
    await expect(first.text()).rejects.toThrow('terminated');
    const second = await post(body, { retryCount: 1 });
    expect([second.status, second.headers.get('x-should-retry')]).toEqual([502, 'false']);
    expect(await second.json()).toMatchObject({ error: { code: 'upstream_error' } });
    expect(ran).toHaveLength(1);
  });

  it('gets an answer that was finished a moment ago', async () => {
    answerWith(async (writer) => {
      await writer.append(text('done'));
      await writer.append(finish);
    });
    const body = question();
    const first = await read(await post(body));
    expect(await read(await post(body, { to: other, retryCount: 2 }))).toEqual(first);
    expect(ran).toHaveLength(1);
  });

  it('is a request of its own when key or plan differ, or when it is no retry', async () => {
    const hold = gate();
    answerBehind(hold.passed);
    const body = question();
    const all = [post(body)];
    await running();
    all.push(post(body));
    await running(2);
    all.push(post(body, { retryCount: 1, key: 'another key' }));
    await running(3);
    all.push(post({ ...body, stop: 'END' }, { retryCount: 1 }));
    await running(4);
    hold.open();
    const ids = await Promise.all(all.map(async (response) => (await read(await response)).id));
    expect(new Set(ids).size).toBe(4);
  });

  it('never joins one that failed or was cancelled', async () => {
    const error = { status: 502, type: 'server_error', code: 'upstream_error', param: null };
    answerWith(async (writer) => {
      await writer.append({ type: 'error', error: { ...error, message: 'The page failed.' } });
    });
    const body = question();
    expect((await post(body)).status).toBe(502);
    const hold = gate();
    answerBehind(hold.passed);
    const cancelled = post(body, { retryCount: 1 });
    await running(2);
    await fetch(`${api.url}/v1/cancel/${ran[1]}`, { method: 'POST' });
    expect((await cancelled).status).toBe(499);
    hold.open();
    expect((await read(await post(body, { retryCount: 2 }))).id).toBe(ran[2]);
    expect(ran).toHaveLength(3);
  });

  it('keeps the job when the first request goes, and ends it when both have gone', async () => {
    const { cancelled } = answerBehind(new Promise(() => undefined));
    const body = question();
    const [first, second] = [new AbortController(), new AbortController()];
    const asking = [post(body, { signal: first.signal })];
    await running();
    const id = ran[0]!;
    asking.push(post(body, { to: other, retryCount: 1, signal: second.signal }));
    await eventually(async () => (await readers(id)) === 2);
    const settled = Promise.allSettled(asking);
    first.abort();
    await eventually(async () => (await readers(id)) === 1);
    expect(cancelled).toEqual([]);
    second.abort();
    await eventually(async () => cancelled.includes(id));
    await settled;
  });

  it('finds the same prompt still running when its patience was too short; without it, Stop comes', async () => {
    const hold = gate();
    const { cancelled } = answerBehind(hold.passed);
    const connect = (maxRetries: number): OpenAI =>
      new OpenAI({ baseURL: `${api.url}/v1`, apiKey: 'any', timeout: 21_000, maxRetries });

    const patient = connect(1).chat.completions.create(question());
    await running();
    const goneAt = connect(0)
      .chat.completions.create(question())
      .catch(() => performance.now());
    await running(2);
    const [kept, dropped] = ran;
    const joined = eventually(async () => (await readers(kept!)) === 2);

    const left = await goneAt;
    await eventually(async () => cancelled.includes(dropped!));
    const ms = performance.now() - Number(left);
    expect(ms).toBeGreaterThan(1400);
    expect(ms).toBeLessThan(2500 * contention());
    await joined;
    await eventually(async () => (await readers(kept!)) === 1);
    hold.open();
    const completion = await patient;
    expect(completion.id).toBe(kept);
    expect(completion.choices[0]?.message.content).toBe('the only answer');
    expect(ran).toHaveLength(2);
    expect(cancelled).toEqual([dropped]);
  });
});

interface Listed {
  readonly req_id: string;
  readonly state: string;
  readonly position: number;
  readonly model: string;
  readonly waiting_ms: number;
}

async function listed(): Promise<Listed[]> {
  const { object, data } = (await (await fetch(`${other.url}/v1/queue`)).json()) as {
    object: string;
    data: Listed[];
  };
  expect(object).toBe('list');
  return data;
}

const cancel = async (id: string): Promise<object> => {
  const response = await fetch(`${other.url}/v1/cancel/${id}`, { method: 'POST' });
  return { status: response.status, body: await response.json() };
};
const cancellation = (id: string | undefined, cancelled: boolean): object => ({
  status: 200,
  body: { object: 'request.cancellation', req_id: id, cancelled },
});

describe('the queue', () => {
  it('lists what runs and what waits, and lets each be cancelled, from any process', async () => {
    expect(await listed()).toEqual([]);
    driver.worker.concurrency = 1;
    const hold = gate();
    const { cancelled } = answerBehind(hold.passed);
    const first = post(question());
    await running();
    const second = post(question());
    await eventually(async () => (await listed()).length === 2);
    const third = post(question());
    await eventually(async () => (await listed()).length === 3);

    const list = await listed();
    expect(list.map(({ state, position, model }) => ({ state, position, model }))).toEqual([
      { state: 'running', position: 0, model: MODEL },
      { state: 'queued', position: 1, model: MODEL },
      { state: 'queued', position: 2, model: MODEL },
    ]);
    expect(list[0]?.req_id).toBe(ran[0]);
    expect(list.every(({ waiting_ms }) => waiting_ms >= 0)).toBe(true);

    const [runningId, nextId = '', lastId = ''] = list.map(({ req_id }) => req_id);
    expect(await cancel(nextId.replace('chatcmpl-', ''))).toEqual(cancellation(nextId, true));
    expect((await second).status).toBe(499);
    expect((await listed()).map(({ req_id }) => req_id)).toEqual([runningId, lastId]);

    expect(await cancel(runningId ?? '')).toEqual(cancellation(runningId, true));
    expect((await first).status).toBe(499);
    expect(cancelled).toEqual([runningId]);
    expect(await cancel(runningId ?? '')).toEqual(cancellation(runningId, false));

    hold.open();
    expect((await read(await third)).id).toBe(lastId);
    expect(await eventually(async () => (await listed()).length === 0)).toBe(true);
    expect(ran).toEqual([runningId, lastId]);
  });

  it('knows no request of another id', async () => {
    expect(await cancel('chatcmpl-0')).toMatchObject({
      status: 404,
      body: { error: { code: 'request_not_found', param: 'req_id' } },
    });
  });
});

/** A whole message, with what comes behind its body. */
async function postFor(body: object, headers: Record<string, string>): Promise<IncomingMessage> {
  const posting = request(`${api.url}/v1/chat/completions`, { method: 'POST', headers });
  posting.end(JSON.stringify(body));
  const [message] = (await once(posting, 'response')) as [IncomingMessage];
  await once(message.resume(), 'end');
  return message;
}

/** The fields of the line that the API wrote when this request was over. */
const lineOf = (id: unknown): Promise<Record<string, unknown>> =>
  eventually(async () =>
    api
      .logs()
      .split('\n')
      .filter((line) => line.includes('"request over"') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ requestId }) => requestId === id),
  );

/** What the API counted of this phase, for answers of the DOM tier. */
async function counted(phase: string): Promise<object> {
  const page = await (await fetch(`${api.url}/metrics`)).text();
  const figure = (what: string): number =>
    Number(
      page.split(`aistudio_phase_seconds_${what}{phase="${phase}",tier="dom"} `)[1]?.split('\n')[0],
    );
  return { count: figure('count'), sum: figure('sum') };
}

describe('the phases', () => {
  it('are in Server-Timing, log and metrics alike, streamed and not, of failures too', async () => {
    const soFar = { queue: 2, prepare: 1, fill: 20, submit: 5, first_event: 30 };
    const phases = { ...soFar, total: 70 };
    const head = 'queue;dur=2, prepare;dur=1, fill;dur=20, submit;dur=5, first_event;dur=30';
    answerWith(async (writer) => {
      await writer.append({ type: 'started', tier: 'dom', model: MODEL });
      await writer.append(text('x'), soFar);
      await writer.append(finish, phases);
    });
    const whole = await post(question());
    expect(whole.headers.get('server-timing')).toBe(`${head}, total;dur=70`);
    const streamed = await postFor({ ...question(), stream: true }, {});
    expect(streamed.headers['server-timing']).toContain(head);
    expect(streamed.trailers).toEqual({});
    const trailed = await postFor({ ...question(), stream: true }, { te: 'trailers' });
    expect(trailed.headers['server-timing']).toContain(head);
    expect(trailed.trailers).toEqual({ 'server-timing': `${head}, total;dur=70` });

    answerWith(async (writer) => {
      await writer.append({ type: 'started', tier: 'dom', model: MODEL });
      await writer.append({ type: 'error', error: toErrorRecord(stopped) }, phases);
    });
    const failed = await post(question());
    expect(failed.headers.get('server-timing')).toBe(`${head}, total;dur=70`);

    for (const [id, outcome] of [
      [whole.headers.get('x-request-id'), 'ok'],
      [streamed.headers['x-request-id'], 'ok'],
      [trailed.headers['x-request-id'], 'ok'],
      [failed.headers.get('x-request-id'), 'request_cancelled'],
    ]) {
      expect(await lineOf(id)).toMatchObject({ model: MODEL, tier: 'dom', outcome, phases });
    }
    for (const [phase, ms] of Object.entries(phases)) {
      const sum = expect.closeTo((4 * ms) / 1000, 6) as unknown;
      expect(await counted(phase)).toEqual({ count: 4, sum });
    }
  });
});
