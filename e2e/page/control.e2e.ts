import { setTimeout as delay } from 'node:timers/promises';

import { connectRedis, names, type RedisConnection } from '@aistudio/core';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { APIError, OpenAI } from 'openai';

import { type ApiProcess, startApi } from '../support/api-process.ts';
import { sim } from '../support/asking.ts';
import { contention } from '../support/contention.ts';
import { keepForAll } from '../support/keep.ts';
import { startRedis } from '../support/redis-server.ts';
import { Simulator } from '../support/simulator.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { eventually } from '../support/stand-in-driver.ts';

const MODEL = 'gemini-2.5-flash';
/** The smallest PNG. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';

const endless = { text: 'word '.repeat(2000), chunks: 2000, delayMs: 50 };

let redisServer: Awaited<ReturnType<typeof startRedis>>;
let redis: RedisConnection;
let stack: Stack;
let other: ApiProcess;
let simulator: Simulator;

const keep = keepForAll();
beforeAll(async () => {
  redisServer = keep(await startRedis());
  redis = keep(await connectRedis(redisServer.url));
  stack = keep(await startStack({ env: { REDIS_URL: redisServer.url } }));
  other = keep(await startApi(redisServer.url));
  simulator = new Simulator(stack.controlUrl);
});

beforeEach(async () => {
  await simulator.clear();
});

const question = (content: string, isStreamed = false): object => ({
  model: MODEL,
  stream: isStreamed,
  messages: [{ role: 'user', content }],
});

/** Posts to the stack's own API, or to another one. */
const post = (
  body: object,
  { to = stack.baseUrl, retryCount = 0 }: { to?: string; retryCount?: number } = {},
): Promise<Response> =>
  fetch(`${to}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      'x-stainless-retry-count': String(retryCount),
    },
  });

async function textOf(response: Response): Promise<string> {
  const completion = (await response.json()) as OpenAI.ChatCompletion;
  return completion.choices[0]?.message.content ?? '';
}

interface Listed {
  readonly req_id: string;
  readonly state: string;
  readonly position: number;
}

const listed = async (): Promise<Listed[]> => {
  const response = await fetch(`${other.url}/v1/queue`);
  return ((await response.json()) as { data: Listed[] }).data;
};

/** Waits until as many requests are known, and gives them. */
const untilListed = (count: number): Promise<Listed[]> =>
  eventually(async () => {
    const list = await listed();
    return list.length === count && list;
  });

const cancel = async (id = ''): Promise<void> => {
  const response = await fetch(`${other.url}/v1/cancel/${id}`, { method: 'POST' });
  expect(await response.json()).toMatchObject({ req_id: id, cancelled: true });
};

const generated = async (count: number): Promise<true> =>
  eventually(async () => (await simulator.generateContent()).length === count);

describe('a request that an SDK sends again', () => {
  it('has Run pressed once, whichever API process it reaches', async () => {
    const body = question(sim({ text: 'one answer', firstDelayMs: 1500 }));
    const first = post(body);
    await generated(1);
    const [running] = await untilListed(1);
    const second = post(body, { to: `${other.url}/v1`, retryCount: 1 });
    await eventually(async () => (await redis.zcard(names.readers(running?.req_id ?? ''))) === 2);

    expect(await textOf(await first)).toBe('one answer');
    expect(await textOf(await second)).toBe('one answer');
    const third = await post(body, { retryCount: 2 });
    expect(third.headers.get('x-request-id')).toBe(running?.req_id);
    expect(third.headers.get('x-aistudio-tier')).toBe('stream-proxy');
    expect(await textOf(third)).toBe('one answer');
    expect(await simulator.generateContent()).toHaveLength(1);
  });

  it('has Run pressed once by the openai package that lost its patience', async () => {
    const client = new OpenAI({
      baseURL: stack.baseUrl,
      apiKey: 'any',
      timeout: 21_000,
      maxRetries: 2,
    });
    const completion = await client.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: sim({ text: 'late answer', firstDelayMs: 24_000 }) }],
    });
    expect(completion.choices[0]?.message.content).toBe('late answer');
    expect(await simulator.generateContent()).toHaveLength(1);
  });
});

describe('cancelling', () => {
  /** Cancels the only request, and expects its client to hear of it within a second. */
  const expectStop = async (asking: Promise<Response>): Promise<void> => {
    const [running] = await untilListed(1);
    const from = performance.now();
    await cancel(running?.req_id);
    const response = await asking;
    expect(performance.now() - from).toBeLessThan(1000 * contention());
    expect(response.status).toBe(499);
    expect(await response.json()).toMatchObject({ error: { code: 'request_cancelled' } });
  };
  const expectCleanPage = async (): Promise<void> => {
    expect(await textOf(await post(question('echo: clean')))).toBe('clean');
  };

  it('ends a request that waits; what runs goes on', async () => {
    const running = post(question(sim({ text: 'kept', firstDelayMs: 1500 })));
    await generated(1);
    const waiting = post(question('echo: never'));
    const [first, second] = await untilListed(2);
    expect([first?.state, second?.state, second?.position]).toEqual(['running', 'queued', 1]);
    await cancel(second?.req_id);
    expect((await waiting).status).toBe(499);
    expect(await textOf(await running)).toBe('kept');
    expect(await simulator.generateContent()).toHaveLength(1);
  });

  it('ends a request while the page is being set', async () => {
    await simulator.setFaults({ timing: 'slow' });
    const asking = post({ ...question('echo: never'), temperature: 0.1, top_p: 0.2 });
    await eventually(async () => (await listed())[0]?.state === 'running');
    await delay(300); // nothing outside says how far the settings are; slow ones take seconds
    await expectStop(asking);
    await simulator.setFaults({ timing: 'fast' });
    await expectCleanPage();
    expect(await simulator.generateContent()).toHaveLength(1);
  });

  it('ends a request while a file is being uploaded', async () => {
    await simulator.setFaults({ timing: 'slow' });
    const image = { url: `data:image/png;base64,${PIXEL}` };
    const asking = post({
      model: MODEL,
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: image }] }],
    });
    await eventually(async () => (await simulator.rpcs()).includes('GenerateAccessToken'));
    await expectStop(asking);
    await simulator.clear();
    await expectCleanPage();
    expect(await simulator.generateContent()).toHaveLength(1);
  });

  it('presses Stop while the first token is awaited', async () => {
    const asking = post(question(sim({ ...endless, firstDelayMs: 30_000 })));
    await generated(1);
    const before = Date.now();
    await expectStop(asking);
    const { endedAt, endedBy } = await simulator.lastEnd();
    expect(endedBy).toBe('client');
    expect(endedAt - before).toBeLessThan(1000 * contention());
    await expectCleanPage();
  });

  it('presses Stop in the middle of an answer, and the stream says so', async () => {
    const client = new OpenAI({ baseURL: stack.baseUrl, apiKey: 'any', maxRetries: 0 });
    const stream = await client.chat.completions.create({
      model: MODEL,
      stream: true,
      messages: [{ role: 'user', content: sim(endless) }],
    });
    let cancelledAt = 0;
    const reading = (async () => {
      for await (const chunk of stream) {
        if (cancelledAt > 0 || !chunk.choices[0]?.delta.content) continue;
        cancelledAt = Date.now();
        await cancel(chunk.id);
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'request_cancelled' });
    await expect(reading).rejects.toBeInstanceOf(APIError);
    const { endedAt, endedBy } = await simulator.lastEnd();
    expect(endedBy).toBe('client');
    expect(endedAt - cancelledAt).toBeLessThan(1000 * contention());
    await expectCleanPage();
  });
});

describe('the phases', () => {
  it('of a whole answer add up to its total', async () => {
    const response = await post(question('echo: quick'));
    const timing = response.headers.get('server-timing') ?? '';
    await response.text();
    const phases = Object.fromEntries(
      timing.split(', ').map((entry) => {
        const [name = '', ms] = entry.split(';dur=');
        return [name, Number(ms)];
      }),
    );
    expect(Object.keys(phases)).toEqual([
      'queue',
      'prepare',
      'fill',
      'submit',
      'first_event',
      'total',
    ]);
    const { total = 0, ...laps } = phases;
    expect(Object.values(laps).reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(total + 1);
  });
});
