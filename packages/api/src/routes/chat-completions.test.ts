import { once } from 'node:events';

import { type JobEvent, StudioError, toErrorRecord } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { type JobRequest } from '../jobs/submit-job.ts';
import {
  chatBody,
  fakeModels,
  hello,
  postChat,
  startServer,
  until,
  wholeFile,
} from '../testing/test-server.ts';

const text = (piece: string): JobEvent => ({ type: 'text', text: piece });
const finish: JobEvent = { type: 'finish', reason: 'stop' };
const quotaError: JobEvent = {
  type: 'error',
  error: {
    status: 429,
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
    param: null,
    message: 'The quota is used up.',
    retryAfterSeconds: 30,
  },
};

/** Resolves when the signal aborts. */
const aborted = (signal: AbortSignal): Promise<unknown> => once(signal, 'abort');

/** The SSE frames of a body, whole. */
const framesOf = (body: string): string[] => body.split(/(?<=\n\n)/);

describe('a streamed answer', () => {
  it('S-01 … S-08: is framed exactly so', async () => {
    await using server = await startServer();
    const response = await postChat(server.url, chatBody({ stream: true }));
    const id = response.headers.get('x-request-id');
    const body = await response.text();
    const created = Number(/"created":(\d+)/.exec(body)?.[1]);

    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
      'x-aistudio-tier': 'stream-proxy',
    });
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(server.asked[0]?.id).toBe(id);
    const chunk = (delta: object, reason: string | null): string =>
      `data: ${JSON.stringify({
        id,
        object: 'chat.completion.chunk',
        created,
        model: 'gemini-2.5-flash',
        system_fingerprint: null,
        choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
      })}\n\n`;
    expect(framesOf(body)).toEqual([
      chunk({ role: 'assistant', content: '' }, null),
      chunk({ content: 'Hello' }, null),
      chunk({ content: ' world' }, null),
      chunk({}, 'stop'),
      'data: [DONE]\n\n',
    ]);
  });

  it('S-10, S-11: ends with a usage chunk when asked for, and only then', async () => {
    await using server = await startServer();
    const body = chatBody({ stream: true, stream_options: { include_usage: true } });
    const frames = framesOf(await (await postChat(server.url, body)).text());
    const chunks = frames.slice(0, -1).map((frame) => JSON.parse(frame.slice('data: '.length)));

    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: {
        prompt_tokens: 3,
        completion_tokens: 6,
        total_tokens: 9,
        completion_tokens_details: { reasoning_tokens: 4 },
      },
    });
  });

  it('sends each piece when it is there', async () => {
    let release: (() => void) | undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await using server = await startServer(async function* () {
      yield text('one');
      await released;
      yield text('two');
      yield finish;
    });
    const response = await postChat(server.url, chatBody({ stream: true }));
    let body = '';
    for await (const bytes of response.body ?? []) {
      body += Buffer.from(bytes).toString();
      if (body.includes('one') && !body.includes('two')) release?.();
    }
    expect(body).toContain('two');
  });
});

describe('keep-alive', () => {
  /** Says `started`, then nothing until a comment had to be sent, then `rest`. */
  const quiet = (rest: readonly JobEvent[]) =>
    async function* ({ signal }: JobRequest): AsyncGenerator<JobEvent> {
      yield { type: 'started', tier: 'dom', model: 'gemini-2.5-flash' };
      await new Promise((resolve) => setTimeout(resolve, 70));
      signal.throwIfAborted();
      yield* rest;
    };

  it('S-20, X-05: comments go out while nothing else does, whole and without other fields', async () => {
    await using server = await startServer(quiet(hello), {
      keepAlive: { everyMs: 20, style: 'comment', jsonAfterMs: 0 },
    });
    const response = await postChat(server.url, chatBody({ stream: true }));
    const frames = framesOf(await response.text());

    expect(frames[0]).toBe(': keep-alive\n\n');
    expect(frames.filter((frame) => frame.startsWith('data: '))).toHaveLength(5);
    expect(frames.every((frame) => /^(: keep-alive|data: .+)\n\n$/.test(frame))).toBe(true);
  });

  it('S-12: an empty chunk can take the place of the comment', async () => {
    await using server = await startServer(quiet(hello), {
      keepAlive: { everyMs: 20, style: 'chunk', jsonAfterMs: 0 },
    });
    const response = await postChat(server.url, chatBody({ stream: true }));
    const frames = framesOf(await response.text());
    expect(JSON.parse(frames[0]!.slice('data: '.length))).toEqual({
      id: response.headers.get('x-request-id'),
      object: 'chat.completion.chunk',
      created: expect.any(Number),
      model: 'gemini-2.5-flash',
      system_fingerprint: null,
      choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: null }],
    });
    expect(frames.every((frame) => /^data: .+\n\n$/.test(frame))).toBe(true);
    const deltas = frames.slice(0, -1).map((frame) => JSON.parse(frame.slice(6)).choices[0].delta);
    expect(deltas.filter((delta) => 'role' in delta)).toHaveLength(1);
  });

  it('E-10, E-11: a failure after the first comment is the last event of the stream', async () => {
    await using server = await startServer(quiet([quotaError]), {
      keepAlive: { everyMs: 20, style: 'comment', jsonAfterMs: 0 },
    });
    const response = await postChat(server.url, chatBody({ stream: true }));
    expect(response.status).toBe(200);
    expect(framesOf(await response.text()).at(-1)).toBe(
      'data: {"error":{"message":"The quota is used up. Try again in 30 s.","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}}\n\n',
    );
  });
});

describe('an answer in one piece that takes long', () => {
  const late = (rest: readonly JobEvent[]) =>
    async function* (): AsyncGenerator<JobEvent> {
      await new Promise((resolve) => setTimeout(resolve, 70));
      yield* rest;
    };
  const keepAlive = { everyMs: 10, style: 'comment', jsonAfterMs: 20 } as const;

  it('N-09: is kept alive by blank lines, which JSON may begin with', async () => {
    await using server = await startServer(late(hello), { keepAlive });
    const response = await postChat(server.url, chatBody());
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    const body = await response.text();
    expect(body).toMatch(/^\n+\{[^\n]*\}$/);
    expect(JSON.parse(body)).toMatchObject({ choices: [{ message: { content: 'Hello world' } }] });
  });

  it('N-09: may be begun while its phases are looked up', async () => {
    let tell: ((phases: { queue: number }) => void) | undefined;
    await using server = await startServer(hello, {
      keepAlive,
      ask: async ({ id, acceptedAt }) => ({
        id,
        acceptedAt,
        endsBy: acceptedAt + 60_000,
        plan: undefined,
        events: (async function* () {
          yield* hello;
        })(),
        phases: () => new Promise((resolve) => (tell = resolve)),
        keepFailure: () => Promise.resolve(),
      }),
    });
    const response = await postChat(server.url, chatBody()); // the first blank line is there
    await until(() => tell !== undefined);
    tell?.({ queue: 1 });
    expect(await response.json()).toMatchObject({ object: 'chat.completion' });
    expect(response.headers.has('server-timing')).toBe(false);
  });

  it('E-12: breaks off when it fails then, and keeps the failure for the next try', async () => {
    await using server = await startServer(late([quotaError]), { keepAlive });
    const response = await postChat(server.url, chatBody());
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(server.storedFailure).toMatchObject([{ status: 429, code: 'rate_limit_exceeded' }]);
  });

  it('E-12: still has its status while nothing was sent', async () => {
    const patient = { ...keepAlive, jsonAfterMs: 5000 };
    await using server = await startServer(late([quotaError]), { keepAlive: patient });
    expect((await postChat(server.url, chatBody())).status).toBe(429);
    expect(server.storedFailure).toEqual([]);
  });
});

describe('failures', () => {
  it.each([false, true])(
    'E-09: before content they are real statuses (stream: %s)',
    async (stream) => {
      await using server = await startServer([hello[0]!, quotaError]);
      const response = await postChat(server.url, chatBody({ stream }));
      expect(response.status).toBe(429);
      expect(response.headers.get('retry-after')).toBe('30');
      expect(await response.json()).toEqual({
        error: {
          message: 'The quota is used up. Try again in 30 s.',
          type: 'rate_limit_error',
          param: null,
          code: 'rate_limit_exceeded',
        },
      });
    },
  );

  it('E-10: after content a stream ends with the error, without finish or [DONE]', async () => {
    await using server = await startServer([text('half'), quotaError]);
    const response = await postChat(server.url, chatBody({ stream: true }));
    const body = await response.text();
    expect(response.status).toBe(200);
    expect(body).toMatch(/data: \{"error":\{[^\n]*\}\}\n\n$/);
    expect(body).not.toMatch(/\[DONE\]|"finish_reason":"/);
  });

  it('E-12: after content an answer in one piece is still a real status', async () => {
    await using server = await startServer([text('half'), quotaError]);
    expect((await postChat(server.url, chatBody())).status).toBe(429);
  });

  it('E-08, E-09: what ask throws is a real status, and nothing is asked for a bad request', async () => {
    await using server = await startServer(async function* () {
      yield* [];
      throw new StudioError('queue_full', 'Full.', { retryAfterSeconds: 10 });
    });
    const full = await postChat(server.url, chatBody({ stream: true }));
    expect([full.status, full.headers.get('retry-after')]).toEqual([429, '10']);
    const bad = await postChat(server.url, chatBody({ temperature: 3 }));
    expect(bad.status).toBe(400);
    expect(await bad.json()).toMatchObject({ error: { param: 'temperature' } });
    expect(server.asked).toHaveLength(1);
  });
});

describe('a client that goes away', () => {
  it.each([false, true])('X-06: aborts the job at once (stream: %s)', async (stream) => {
    const gone: number[] = [];
    await using server = await startServer(async function* ({ signal }) {
      if (stream) yield text('piece');
      await aborted(signal);
      gone.push(performance.now());
      signal.throwIfAborted();
    });
    const client = new AbortController();
    const answering = postChat(server.url, chatBody({ stream }), {}, client.signal);
    const response = stream ? await answering : undefined;
    await until(() => server.asked.length > 0);
    const left = performance.now();
    client.abort();
    await (response ? response.text() : answering).catch(() => undefined);
    await until(() => gone.length > 0);
    expect(gone[0]! - left).toBeLessThan(2000);
  });

  it('X-06: asks nothing for one that left while the models were looked up', async () => {
    const left = new AbortController();
    let isLookedUp = false;
    await using server = await startServer(hello, {
      async listModels() {
        isLookedUp = true;
        await aborted(left.signal);
        return { at: 0, models: [...fakeModels] };
      },
    });
    const client = new AbortController();
    server.http.on('request', (_request, response) => {
      response.on('close', () => left.abort());
    });
    const answering = postChat(server.url, chatBody({ stream: true }), {}, client.signal);
    await until(() => isLookedUp);
    client.abort();
    await answering.catch(() => undefined);
    await until(() => left.signal.aborted);
    await new Promise(setImmediate); // what the look-up held back would have been asked by now
    expect(server.asked).toEqual([]);
  });

  it('X-06: ends the events of a reader that stops taking them', async () => {
    let sent = 0;
    let hasEnded = false;
    await using server = await startServer(async function* () {
      try {
        for (; sent < 10_000; sent += 1) yield text('x'.repeat(10_000));
        yield finish;
      } finally {
        hasEnded = true;
      }
    });
    const client = new AbortController();
    const response = await postChat(server.url, chatBody({ stream: true }), {}, client.signal);
    const reader = response.body?.getReader();
    await reader?.read();
    let before = -1;
    while (sent !== before) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(sent).toBeLessThan(10_000); // 100 MB do not fit into the buffers on the way
    expect(hasEnded).toBe(false);
    client.abort();
    await until(() => hasEnded);
  });
});

describe('a client that stops reading', () => {
  it('is cut off when the time for its answer is over', async () => {
    let hasEnded = false;
    const endless = async function* (): AsyncGenerator<JobEvent> {
      try {
        for (;;) yield text('x'.repeat(100_000));
      } finally {
        hasEnded = true;
      }
    };
    await using server = await startServer(endless, { endsWithinMs: 300 });
    const response = await postChat(server.url, chatBody({ stream: true }));
    const reader = response.body?.getReader();
    await reader?.read();
    await until(() => hasEnded);
    const drain = async (): Promise<void> => {
      while (!(await reader?.read())?.done);
    };
    await expect(drain()).rejects.toThrow('terminated');
  });

  it('is cut off behind the end of an answer in one piece, too', async () => {
    const long = [text('x'.repeat(30_000_000)), { type: 'finish', reason: 'stop' } as const];
    await using server = await startServer(long, { unreadMs: 200 });
    const closed = new Promise<void>((resolve) => {
      server.http.once('connection', (socket) => socket.once('close', () => resolve()));
    });
    const response = await postChat(server.url, chatBody());
    await closed;
    await expect(response.text()).rejects.toThrow('terminated');
  });
});

describe('files named by address', () => {
  const image = { type: 'image_url', image_url: { url: 'https://files.test/a.png' } };
  const body = chatBody({ messages: [{ role: 'user', content: [image] }] });

  it('R-03: are fetched before the prompt is asked', async () => {
    const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
    await using server = await startServer(hello, {
      download: (urls) =>
        Promise.resolve(new Map(urls.map((url) => [url, { bytes: png, contentType: undefined }]))),
    });
    expect((await postChat(server.url, body)).status).toBe(200);
    expect(server.asked[0]?.plan.turns[0]?.parts).toEqual([wholeFile('image/png', 'a.png', png)]);
  });

  it('E-08: are not fetched for a request that is refused anyway', async () => {
    let fetched = 0;
    await using server = await startServer(hello, {
      download() {
        fetched += 1;
        return Promise.resolve(new Map());
      },
    });
    expect((await postChat(server.url, { ...body, temperature: 3 })).status).toBe(400);
    expect((await postChat(server.url, { ...body, n: 2 })).status).toBe(400);
    expect(fetched).toBe(0);
  });

  it('X-06: are given up when the client goes away, and nothing is asked', async () => {
    let given: AbortSignal | undefined;
    await using server = await startServer(hello, {
      async download(_urls, signal) {
        given = signal;
        await aborted(signal);
        throw signal.reason;
      },
    });
    const client = new AbortController();
    const answering = postChat(server.url, body, {}, client.signal);
    await until(() => given !== undefined);
    client.abort();
    await answering.catch(() => undefined);
    await until(() => given?.aborted === true);
    expect(server.asked).toEqual([]);
  });
});

describe('headers', () => {
  it('R-04, R-05: lists what was ignored, and what was changed', async () => {
    await using server = await startServer();
    const response = await postChat(
      server.url,
      chatBody({
        user: 'me',
        seed: 7,
        presence_penalty: 0,
        max_tokens: 1_000_000,
        ['bad\nname']: 1,
      }),
    );
    expect(response.status).toBe(200);
    expect(response.headers.get('x-ignored-params')).toBe('user, seed');
    expect(response.headers.get('x-aistudio-warnings')).toBe(
      "max_tokens 1000000 lowered to the model's limit 65536",
    );
  });

  it('R-05: also says what the page turned out not to offer, while there is time', async () => {
    const warnings = ['temperature: the page has no such control', 'a → b'];
    const started: JobEvent = { ...hello[0]!, type: 'started', tier: 'dom', model: 'm', warnings };
    await using server = await startServer([started, ...hello.slice(1)]);
    for (const stream of [true, false]) {
      const body = chatBody({ stream, max_tokens: 1_000_000 });
      const response = await postChat(server.url, body);
      expect(response.headers.get('x-aistudio-warnings')).toBe(
        "max_tokens 1000000 lowered to the model's limit 65536; temperature: the page has no such control; a ? b",
      );
      await response.text();
    }
  });

  it('R-05: refuses what would have shaped the answer where the server is strict', async () => {
    await using server = await startServer(hello, { isStrict: true });
    const statusOf = async (fields: object): Promise<number> =>
      (await postChat(server.url, chatBody(fields))).status;
    expect(await statusOf({ user: 'me', presence_penalty: 0, temperature: 1 })).toBe(200);
    expect(await statusOf({ seed: 7 })).toBe(400);
    const response = await postChat(server.url, chatBody({ user: 'me', frequency_penalty: 1 }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { code: 'unsupported_parameter', param: 'frequency_penalty' },
    });
  });

  it('E-06b: say how long it took, of failures too', async () => {
    await using server = await startServer();
    for (const body of [chatBody(), chatBody({ stream: true }), chatBody({ n: 2 }), '{']) {
      const response = await postChat(server.url, body);
      expect(response.headers.get('openai-processing-ms')).toMatch(/^\d+$/);
      await response.text();
    }
  });

  it('N-07: usage that AI Studio did not send is estimated, and said to be while headers are open', async () => {
    await using server = await startServer([text('Hello world'), finish]);
    const response = await postChat(server.url, chatBody({ max_tokens: 1_000_000 }));
    expect(await response.json()).toMatchObject({
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    });
    expect(response.headers.get('x-aistudio-warnings')).toMatch(
      /^max_tokens .*; usage is estimated$/,
    );
    const asked = chatBody({ stream: true, stream_options: { include_usage: true } });
    const frames = framesOf(await (await postChat(server.url, asked)).text());
    expect(frames.at(-2)).toContain('"usage":{"prompt_tokens":1,"completion_tokens":2,');
  });

  it('shows the tier that answered, after a fallback the last one', async () => {
    await using server = await startServer([
      hello[0]!,
      {
        type: 'tier_changed',
        from: 'stream-proxy',
        to: 'dom',
        takeover: 'restart',
        reason: 'gone',
      },
      ...hello.slice(1),
    ]);
    const response = await postChat(server.url, chatBody());
    expect(response.headers.get('x-aistudio-tier')).toBe('dom');
  });
});

describe('a client that repeats its requests', () => {
  const askedWith = async (
    bodies: readonly unknown[],
    headers: Record<string, string>,
  ): Promise<readonly JobRequest['repeat'][]> => {
    await using server = await startServer();
    for (const body of bodies) await (await postChat(server.url, body, headers)).text();
    return server.asked.map(({ repeat }) => repeat);
  };

  it('is the same request when the plan is the same, however the body was written', async () => {
    const asOne = { 'x-stainless-retry-count': '0' };
    const spaced = JSON.stringify(chatBody({ user: 'someone' }), null, 2);
    const [one, other] = await askedWith([chatBody(), spaced], asOne);
    expect(other?.fingerprint).toBe(one?.fingerprint);
  });

  it('X-04: is known by the number of its attempt, and the request by key and plan', async () => {
    const [first, other] = [chatBody(), chatBody({ temperature: 1 })];
    const asOne = { 'x-stainless-retry-count': '0', authorization: 'Bearer one' };
    const [one, another] = await askedWith([first, other], asOne);
    const [again] = await askedWith([first], { ...asOne, 'x-stainless-retry-count': '1' });
    const [stranger] = await askedWith([first], { ...asOne, authorization: 'Bearer two' });

    expect(one?.isRepeated).toBe(false);
    expect(again).toEqual({ fingerprint: one?.fingerprint, isRepeated: true });
    expect(new Set([one, another, stranger].map((repeat) => repeat?.fingerprint)).size).toBe(3);
    expect(await askedWith([first], {})).toEqual([undefined]);
  });

  it.each([
    ['timeout', {}, 'false'],
    ['not_signed_in', {}, 'false'],
    ['rate_limit_exceeded', { retryAfterSeconds: 61 }, 'false'],
    ['rate_limit_exceeded', { retryAfterSeconds: 60 }, null],
    ['upstream_error', {}, null],
  ] as const)(
    'X-02: is told whether it makes sense after %s %j',
    async (code, options, expected) => {
      await using server = await startServer([
        { type: 'error', error: toErrorRecord(new StudioError(code, 'No.', options)) },
      ]);
      const response = await postChat(server.url, chatBody());
      expect(response.headers.get('x-should-retry')).toBe(expected);
    },
  );
});

describe('Server-Timing', () => {
  it('says what each phase took, streamed or not', async () => {
    await using server = await startServer();
    for (const stream of [true, false]) {
      const response = await postChat(server.url, chatBody({ stream }));
      expect(response.headers.get('server-timing')).toMatch(
        stream ? /^queue;dur=1.5, fill;dur=20$/ : /^queue;dur=1.5, fill;dur=20, total;dur=\d+$/,
      );
      await response.text();
    }
  });
});
