import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';

import { type JobEvent, PLAIN_SETTINGS, type Plan } from '@aistudio/core';
import { createOutbound } from '@aistudio/outbound';
import { collect, noFiles, silentLog } from '@aistudio/testing';
import { startTestProxy } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { createHelperClient, type HelperClient, type HelperOptions } from './helper-client.ts';
import { HelperError } from './helper-error.ts';

const plan: Plan = {
  model: 'gemini-2.5-flash',
  turns: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
  settings: PLAIN_SETTINGS,
};
const forEver = new AbortController().signal;
const SSE = { 'content-type': 'text/event-stream' };

const frame = (chunk: unknown): string =>
  `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`;
const delta = (fields: object, finish: string | null = null): object => ({
  choices: [{ index: 0, delta: fields, finish_reason: finish }],
});

/** A fake service, and what it was asked. */
interface Fake extends AsyncDisposable {
  readonly url: string;
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly body: unknown }[];
}

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Fake> {
  const requests: Fake['requests'] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests.push({ headers: request.headers, body: JSON.parse(await readText(request)) });
    answer(request, response);
  };
  const server: Server = createServer((request, response) => void take(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A service that sends these frames and ends. */
const serveFrames = (...frames: unknown[]): Promise<Fake> =>
  serve((_request, response) => {
    response.writeHead(200, SSE).end(frames.map(frame).join(''));
  });

const connect = (endpoint: string, options: Partial<HelperOptions> = {}): HelperClient =>
  createHelperClient({
    endpoint,
    apiKey: undefined,
    models: {},
    connectMs: 1000,
    firstByteMs: 1000,
    limits: { firstTokenMs: 1000, silenceMs: 1000 },
    outbound: createOutbound({}),
    log: silentLog,
    ...options,
  });

async function answerOf(fake: Fake, options: Partial<HelperOptions> = {}): Promise<JobEvent[]> {
  await using client = connect(fake.url, options);
  return await collect(client.answer(plan, noFiles, forEver));
}

/** What came before the failure, and what it said. */
async function failureOf(
  endpoint: string,
  options: Partial<HelperOptions> = {},
): Promise<{ events: JobEvent['type'][]; message: string; isOutage: boolean }> {
  await using client = connect(endpoint, options);
  const events: JobEvent['type'][] = [];
  try {
    for await (const event of client.answer(plan, noFiles, forEver)) events.push(event.type);
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    return { events, message: error.message, isOutage: error.isOutage };
  }
  throw new Error('it did not fail');
}

describe('an answer of the helper', () => {
  it('becomes events: thinking, text, sources, calls, usage, finish', async () => {
    await using fake = await serveFrames(
      delta({ role: 'assistant', content: '' }),
      delta({ reasoning_content: 'Hm' }),
      delta({ reasoning: '.' }),
      delta({ content: 'Hel' }),
      delta({ content: 'lo' }),
      delta({ annotations: [{ type: 'url_citation', url_citation: { url: 'u', title: 't' } }] }),
      delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } }] }),
      delta({ tool_calls: [{ index: 1, id: 'b', function: { name: 'g', arguments: '' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
      delta({}, 'tool_calls'),
      {
        choices: [],
        usage: {
          prompt_tokens: 5,
          completion_tokens: 7,
          total_tokens: 12,
          completion_tokens_details: { reasoning_tokens: 3 },
        },
      },
      '[DONE]',
    );
    expect(await answerOf(fake)).toEqual([
      { type: 'started', tier: 'helper', model: 'gemini-2.5-flash' },
      { type: 'reasoning', text: 'Hm' },
      { type: 'reasoning', text: '.' },
      { type: 'text', text: 'Hel' },
      { type: 'text', text: 'lo' },
      { type: 'citation', url: 'u', title: 't' },
      { type: 'tool_call', index: 0, id: 'a', name: 'f', arguments: '{"x":1}' },
      { type: 'tool_call', index: 1, id: 'b', name: 'g', arguments: '{}' },
      {
        type: 'usage',
        promptTokens: 5,
        completionTokens: 4,
        reasoningTokens: 3,
        totalTokens: 12,
        exact: true,
      },
      { type: 'finish', reason: 'tool_calls' },
    ]);
  });

  it('counts thinking once, also where the service keeps it out of the completion', async () => {
    const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 20 };
    await using fake = await serveFrames(delta({}, 'length'), { choices: [], usage });
    const [, counted, finish] = await answerOf(fake);
    expect(counted).toMatchObject({ completionTokens: 7, reasoningTokens: 8, totalTokens: 20 });
    expect(finish).toEqual({ type: 'finish', reason: 'length' });
  });

  it('keeps calls apart that all have the same index, or none', async () => {
    await using fake = await serveFrames(
      delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] }),
      delta({ tool_calls: [{ index: 0, id: 'b', function: { name: 'g', arguments: '{}' } }] }),
      delta({ tool_calls: [{ id: 'c', function: { name: 'h', arguments: '{}' } }] }, 'stop'),
    );
    const calls = (await answerOf(fake)).filter((event) => event.type === 'tool_call');
    expect(calls.map(({ index, id, name }) => `${index} ${id} ${name}`)).toEqual([
      '0 a f',
      '1 b g',
      '2 c h',
    ]);
  });

  it('is asked for with the key and the helper’s own name of the model, and nothing else of ours', async () => {
    await using fake = await serveFrames(delta({}, 'stop'));
    for (const suffix of ['', '/', '/chat/completions']) {
      await answerOf(
        { ...fake, url: fake.url + suffix },
        { apiKey: 'k', models: { 'gemini-2.5-flash': 'theirs' } },
      );
    }
    const [{ headers, body } = { headers: {}, body: undefined }] = fake.requests;
    expect(fake.requests).toHaveLength(3);
    expect(headers.authorization).toBe('Bearer k');
    expect(body).toMatchObject({ model: 'theirs' });
    expect(Object.keys(headers).toSorted()).toEqual([
      'accept',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
    ]);
  });
});

describe('a helper that', () => {
  it('refuses the connection is out', async () => {
    const fake = await serveFrames();
    await fake[Symbol.asyncDispose]();
    expect(await failureOf(fake.url)).toMatchObject({
      events: [],
      message: expect.stringContaining('refused the connection'),
      isOutage: true,
    });
  });

  it.each([
    [401, true],
    [429, true],
    [500, true],
    [302, true],
    [400, false],
    [404, false],
  ])('answers %s is out: %s', async (status, isOutage) => {
    await using fake = await serve((_request, response) => {
      response.writeHead(status, { location: 'http://127.0.0.1:1/' });
      response.end(JSON.stringify([{ error: { code: status, message: 'Sorry.' } }]));
    });
    expect(await failureOf(fake.url)).toMatchObject({
      events: [],
      message: expect.stringContaining(`${status}: Sorry.`),
      isOutage,
    });
  });

  it('does not take the connection up is given up in time', async () => {
    await using server = createTcpServer((socket) => void socket.resume()); // says nothing to a TLS greeting
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const failure = await failureOf(`https://127.0.0.1:${port}/v1`, { connectMs: 100 });
    expect(failure.message).toContain('could not be reached in time');
  });

  it.each([
    ['never answers', [], 'did not answer in time', []],
    [
      'takes the request, and no more',
      [delta({ role: 'assistant', content: '' })],
      'nothing of an answer within 0.2 s (FIRST_TOKEN_TIMEOUT_MS)',
      ['started'],
    ],
    [
      'falls silent',
      [delta({ content: 'x' })],
      'silent for 0.1 s in the middle of its answer (SILENCE_TIMEOUT_MS)',
      ['started', 'text'],
    ],
  ] as const)('%s is given up in time', async (_title, frames, message, events) => {
    await using fake = await serve((_request, response) => {
      if (frames.length > 0) response.writeHead(200, SSE).write(frames.map(frame).join(''));
    });
    const firstTokenMs = frames.length > 0 ? 200 : 5000; // not before `firstByteMs`
    const limits = { firstTokenMs, silenceMs: 100 };
    const failure = await failureOf(fake.url, { firstByteMs: 100, limits });
    expect(failure).toEqual({ events, message: expect.stringContaining(message), isOutage: true });
  });

  it.each([
    ['no JSON', 'garbage', 'no chat completion chunk'],
    ['other JSON', { choices: 7 }, 'no chat completion chunk'],
    ['an error', { error: { message: 'Overloaded.' } }, 'Overloaded.'],
  ])('sends %s in the middle is out', async (_title, sent, message) => {
    await using fake = await serveFrames(delta({ content: 'x' }), sent);
    expect(await failureOf(fake.url)).toEqual({
      events: ['started', 'text'],
      message: expect.stringContaining(message),
      isOutage: true,
    });
  });

  it('ends without a finish, or cuts the connection, has broken off', async () => {
    await using ended = await serveFrames(delta({ content: 'x' }), '[DONE]');
    expect((await failureOf(ended.url)).message).toContain('broke off');
    await using cut = await serve((_request, response) => {
      response.writeHead(200, SSE).write(frame(delta({ content: 'x' })), () => response.destroy());
    });
    expect(await failureOf(cut.url)).toMatchObject({
      events: ['started', 'text'],
      message: expect.stringContaining('cut the connection'),
    });
  });

  it('does not stream at all is no helper', async () => {
    await using fake = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    expect((await failureOf(fake.url)).message).toContain('does not stream');
  });

  it('sends a call that is no JSON has failed this one prompt', async () => {
    const call = { index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } };
    await using fake = await serveFrames(delta({ tool_calls: [call] }, 'tool_calls'));
    expect(await failureOf(fake.url)).toMatchObject({ isOutage: false });
  });
});

describe('the client', () => {
  it('goes through the person’s proxy, and says so when that does not let it', async () => {
    await using fake = await serve((_request, response) => {
      response.writeHead(200, SSE).end(frame(delta({ content: 'x' }, 'stop')));
    });
    const port = Number(new URL(fake.url).port);
    const credentials = { username: 'me', password: 'secret' };
    await using proxy = await startTestProxy({
      protocol: 'socks5',
      credentials,
      find: () => ({ host: '127.0.0.1', port }),
    });
    const httpProxy = new URL(proxy.url);
    const outbound = createOutbound({ httpProxy });
    const far = 'http://helper.test/v1';
    await using client = connect(far, { outbound });
    expect((await collect(client.answer(plan, noFiles, forEver))).at(-1)?.type).toBe('finish');
    expect(proxy.asked).toEqual(['helper.test:80']);

    credentials.password = 'changed';
    await using refused = connect(far, { outbound });
    const asking = collect(refused.answer(plan, noFiles, forEver));
    await expect(asking).rejects.toThrow(/helper.test is out of reach. .*user name or password/);
  });

  it('leaves a helper alone that failed several times', async () => {
    await using fake = await serve((_request, response) => {
      response.writeHead(503).end();
    });
    await using client = connect(fake.url);
    const ask = (): Promise<JobEvent[]> => collect(client.answer(plan, noFiles, forEver));
    for (let count = 0; count < 3; count++) await expect(ask()).rejects.toThrow('503');
    await expect(ask()).rejects.toThrow('left alone');
    expect(fake.requests).toHaveLength(3);
  });

  it('forgives failures once the helper has answered, read to the end or not', async () => {
    let count = 0;
    await using fake = await serve((_request, response) => {
      count += 1;
      if (count % 3 === 0) response.writeHead(200, SSE).end(frame(delta({}, 'stop')));
      else response.writeHead(503).end();
    });
    await using client = connect(fake.url);
    for (let round = 0; round < 9; round++) {
      try {
        for await (const { type } of client.answer(plan, noFiles, forEver))
          if (type === 'finish') break;
      } catch {
        // two of three
      }
    }
    expect(fake.requests).toHaveLength(9);
  });

  it('hangs up when it is told to, and does not hold that against the helper', async () => {
    const closed: Promise<unknown>[] = [];
    await using fake = await serve((_request, response) => {
      closed.push(once(response, 'close'));
      response.writeHead(200, SSE).write(frame(delta({ content: 'x' })));
    });
    await using client = connect(fake.url);
    for (let count = 0; count < 4; count++) {
      const leaving = new AbortController();
      const reading = async (): Promise<void> => {
        for await (const event of client.answer(plan, noFiles, leaving.signal)) {
          if (event.type === 'text') leaving.abort(new Error('gone'));
        }
      };
      await expect(reading()).rejects.toThrow('gone');
      await closed[count];
    }
  });
});
