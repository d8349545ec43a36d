import { connectRedis, type RedisConnection } from '@aistudio/core';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { type ApiProcess, startApi } from '../support/api-process.ts';
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

const QUEUE_LIMIT = 60;

const MadeKey = z.object({ id: z.string(), key: z.string() });
type MadeKey = z.infer<typeof MadeKey>;

const Listed = z.object({
  data: z.array(
    z.object({
      req_id: z.string(),
      state: z.string(),
      position: z.number(),
      estimated_start_ms: z.number().nullable(),
      background: z.boolean(),
      key_id: z.string(),
    }),
  ),
});
const Failure = z.object({ error: z.object({ code: z.string() }) });

let redisServer: Awaited<ReturnType<typeof startRedis>>;
let redis: RedisConnection;
let driver: StandInDriver;
let api: ApiProcess;
let other: ApiProcess;
let adminKey: string;
let alice: MadeKey;
let bob: MadeKey;

const keep = keepForAll();
beforeAll(async () => {
  redisServer = keep(await startRedis());
  redis = keep(await connectRedis(redisServer.url));
  driver = keep(await startStandInDriver(redis));
  const settings = { QUEUE_LIMIT: String(QUEUE_LIMIT), LOG_LEVEL: 'debug' };
  api = keep(await startApi(redisServer.url, settings));
  other = keep(await startApi(redisServer.url, settings));
  adminKey = /^Admin key .*: (sk-[\w-]{43})\n$/.exec(api.printed())?.[1] ?? '';
});

beforeEach(async () => {
  await driver.reset();
});

const call = (
  { url }: ApiProcess,
  path: string,
  key: string,
  method = 'GET',
  body?: object,
): Promise<Response> =>
  fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

const makeKey = async (name: string, fields: object = {}): Promise<MadeKey> => {
  const response = await call(api, '/api/keys', adminKey, 'POST', { name, ...fields });
  return MadeKey.parse(await response.json());
};

const listQueue = async (key: string): Promise<z.infer<typeof Listed>['data']> =>
  Listed.parse(await (await call(other, '/v1/queue', key)).json()).data;

const cancel = (key: string, id = ''): Promise<Response> =>
  call(other, `/v1/cancel/${id}`, key, 'POST');

const codeOf = async (response: Response): Promise<string> =>
  Failure.parse(await response.json()).error.code;

const post = (key: string, content = 'Hi', process = api): Promise<Response> =>
  call(process, '/v1/chat/completions', key, 'POST', {
    model,
    messages: [{ role: 'user', content }],
  });

/** Has the driver note each prompt as it begins, the first of which goes on until it is let go. */
function holdFirst(): { readonly began: string[]; readonly letGo: () => void } {
  const began: string[] = [];
  const hold = gate();
  driver.answer = async (writer, job, plan) => {
    const [part] = plan.turns[0]?.parts ?? [];
    began.push(part?.type === 'text' ? part.text : '');
    if (began.length === 1) await hold.passed;
    await sayHello(writer, job, plan);
  };
  return { began, letGo: () => hold.open() };
}

/** Resolves once so many prompts wait. */
const untilWaiting = (count: number): Promise<unknown> =>
  eventually(async () => (await driver.queue.getPrioritizedCount()) === count);

/** Has this key ask so many times, and waits until all of them wait. */
async function flood(key: string, count: number, name: string): Promise<Promise<Response>[]> {
  const before = await driver.queue.getPrioritizedCount();
  const asking = Array.from({ length: count }, (_, index) => post(key, `${name}${index}`));
  await untilWaiting(before + count);
  return asking;
}

const statuses = async (asking: Promise<Response>[]): Promise<number[]> =>
  (await Promise.all(asking)).map(({ status }) => status);

describe('keys', () => {
  it('ask nobody for one before the first is made, with an admin key said once for all processes', async () => {
    expect(adminKey).not.toBe('');
    expect(other.printed()).toBe('');
    expect((await call(other, '/api/keys', adminKey)).status).toBe(200);
    expect((await call(other, '/api/keys', 'sk-wrong')).status).toBe(401);
    expect((await call(api, '/v1/models', 'unused')).status).toBe(200);
  });

  it('are made, used, listed and revoked, at once for every process', async () => {
    const made = await makeKey('laptop');
    expect((await post(made.key, 'Hi', other)).status).toBe(200);
    for (const process of [api, other]) {
      expect(await codeOf(await call(process, '/v1/models', 'unused'))).toBe('invalid_api_key');
    }
    const list = await (await call(api, '/api/keys', adminKey)).text();
    expect(JSON.parse(list)).toMatchObject({
      data: [{ id: made.id, name: 'laptop', last_used_at: expect.any(Number) }],
    });
    expect(list).not.toContain(made.key);
    expect(JSON.stringify(await redis.hgetall('aistudio:keys'))).not.toContain(made.key);

    await call(api, `/api/keys/${made.id}`, adminKey, 'DELETE');
    for (const process of [other, api]) {
      expect(await codeOf(await post(made.key, 'Hi', process))).toBe('invalid_api_key');
    }
  });

  it('go by their ids in the log', async () => {
    alice = await makeKey('alice');
    bob = await makeKey('bob');
    const response = await post(alice.key);
    const id = response.headers.get('x-request-id') ?? 'none';
    const line = await eventually(async () =>
      api
        .logs()
        .split('\n')
        .find((one) => one.includes('request over') && one.includes(id)),
    );
    expect(line).toContain(`"keyId":"${alice.id}","keyName":"alice"`);
    for (const key of [alice.key, bob.key, adminKey]) expect(api.logs()).not.toContain(key);
  });

  it('may ask as often a minute as they were made for', async () => {
    const { key } = await makeKey('slow', { requests_per_minute: 2 });
    const left = async (process: ApiProcess): Promise<unknown[]> => {
      const { status, headers } = await post(key, 'Hi', process);
      return [status, headers.get('x-ratelimit-remaining-requests')];
    };
    expect([await left(api), await left(other)]).toEqual([
      [200, '1'],
      [200, '0'],
    ]);
    const refused = await post(key);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect([refused.status, await codeOf(refused)]).toEqual([429, 'rate_limit_exceeded']);
    expect((await call(api, '/v1/models', key)).status).toBe(200);
    expect((await post(alice.key)).headers.has('x-ratelimit-limit-requests')).toBe(false);
  });

  it('keep a repeated request from joining another key’s answer', async () => {
    const ask = (key: string, attempt: number): Promise<Response> =>
      fetch(`${api.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'x-api-key': key, 'x-stainless-retry-count': String(attempt) },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Once' }] }),
      });
    const idOf = async (asking: Promise<Response>): Promise<string | null> =>
      (await asking).headers.get('x-request-id');
    const first = await idOf(ask(alice.key, 0));
    expect(await idOf(ask(alice.key, 1))).toBe(first);
    expect(await idOf(ask(bob.key, 1))).not.toBe(first);
  });
});

describe('the queue', () => {
  it('shows and cancels each key’s own of 50 that wait, and everybody’s with the admin key', async () => {
    const { letGo } = holdFirst();
    const first = post(alice.key, 'first');
    await eventually(async () => (await driver.queue.getActiveCount()) === 1);
    const asking = await flood(alice.key, 49, 'alice');
    const bobs = await flood(bob.key, 1, 'bob');

    const own = await listQueue(alice.key);
    const waiting = own.filter(({ state }) => state === 'queued');
    expect(own.filter(({ state }) => state === 'running')).toMatchObject([{ position: 0 }]);
    expect(waiting.length).toBe(49);
    const [bobsOwn, ...none] = await listQueue(bob.key);
    expect(none).toEqual([]);
    expect(bobsOwn).toMatchObject({ position: 2, key_id: bob.id }); // after one of alice's
    const everything = await listQueue(adminKey);
    expect(everything.map(({ position }) => position)).toEqual(
      Array.from({ length: 51 }, (_, index) => index),
    );
    expect(everything.filter(({ key_id }) => key_id === alice.id)).toEqual(
      own.map((one) => ({ ...one, estimated_start_ms: expect.any(Number) })),
    );
    const starts = everything.map((one) => one.estimated_start_ms ?? Number.NaN);
    expect(starts).toEqual(starts.toSorted((one, next) => one - next));

    const refused = await cancel(bob.key, waiting[5]?.req_id);
    expect([refused.status, await codeOf(refused)]).toEqual([404, 'request_not_found']);
    expect((await cancel(alice.key, waiting[5]?.req_id)).status).toBe(200);
    expect((await cancel(adminKey, waiting[20]?.req_id)).status).toBe(200);
    const left = waiting.filter((_, index) => index !== 5 && index !== 20);
    const found = (await listQueue(alice.key)).filter(({ state }) => state === 'queued');
    expect(found.map(({ req_id }) => req_id)).toEqual(left.map(({ req_id }) => req_id));
    expect(found.at(-1)?.position).toBe(48);

    letGo();
    const ended = await statuses([first, ...asking, ...bobs]);
    expect(ended.filter((status) => status === 499).length).toBe(2);
    expect(ended.filter((status) => status === 200).length).toBe(49);
    expect(await listQueue(adminKey)).toEqual([]);
  });

  it('gives another key its turn, and a place, while one key floods it', async () => {
    const { began, letGo } = holdFirst();
    const first = post(alice.key, 'first');
    await eventually(async () => began.length === 1);
    const floods = await flood(alice.key, QUEUE_LIMIT, 'alice');
    const tooMuch = await post(alice.key);
    expect([tooMuch.status, await codeOf(tooMuch)]).toEqual([429, 'queue_full']);
    const bobs = [...(await flood(bob.key, 1, 'bob')), ...(await flood(bob.key, 1, 'bob again '))];
    letGo();
    expect(await statuses([first, ...floods, ...bobs])).toEqual(
      Array.from({ length: QUEUE_LIMIT + 3 }, () => 200),
    );
    expect(began.indexOf('bob0')).toBe(2);
    expect(began.indexOf('bob again 0')).toBe(4);
  });

  it('serves a key of high priority first, and what nobody waits for last', async () => {
    const urgent = await makeKey('urgent', { priority: 'high' });
    const title = '### Task:\nGenerate a short title for the chat history.\n';
    const { began, letGo } = holdFirst();
    const first = post(alice.key, 'first');
    await eventually(async () => began.length === 1);
    const asking = [
      ...(await flood(alice.key, 1, title)),
      ...(await flood(alice.key, 1, 'alice')),
      ...(await flood(bob.key, 1, 'bob')),
      ...(await flood(urgent.key, 1, 'urgent')),
    ];
    expect((await listQueue(alice.key)).map(({ background }) => background)).toEqual([
      false,
      false,
      true,
    ]);
    letGo();
    await statuses([first, ...asking]);
    expect(began).toEqual(['first', 'urgent0', 'alice0', 'bob0', `${title}0`]);
  });

  it('has one key’s prompt stopped while it runs by that key alone', async () => {
    driver.answer = async (writer, { id }) => {
      await writer.append(text('endless'));
      await eventually(() => redis.exists(`aistudio:job:${id}:cancelled`));
      await writer.append(finish);
    };
    const asking = post(alice.key);
    const [running] = await eventually(async () => {
      const own = await listQueue(alice.key);
      return own.length > 0 && own;
    });
    expect((await cancel(bob.key, running?.req_id)).status).toBe(404);
    expect((await cancel(alice.key, running?.req_id)).status).toBe(200);
    await asking;
  });
});
