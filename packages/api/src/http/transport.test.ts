import { once } from 'node:events';
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { type JobEvent } from '@aistudio/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { chatBody, hello, postChat, startServer, until } from '../testing/test-server.ts';

type Running = Awaited<ReturnType<typeof startServer>>;
let server: Running;
let locked: Running;

beforeAll(async () => {
  server = await startServer();
  locked = await startServer(hello, { apiKeys: ['sk-one'] });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await locked[Symbol.asyncDispose]();
});

const ENVELOPE = ['code', 'message', 'param', 'type'];

/** Status and error of a failure, which has OpenAI's envelope. */
async function failureOf(
  response: Response,
): Promise<{ status: number; code: string; message: string }> {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  expect(Object.keys(error).toSorted()).toEqual(ENVELOPE);
  return { status: response.status, code: error.code, message: error.message };
}

/** What the last request asked with. */
const textAsked = (): unknown => server.asked.at(-1)?.plan.turns[0]?.parts[0];

describe('bytes of a body', () => {
  const json = JSON.stringify(chatBody({ messages: [{ role: 'user', content: 'Grüße' }] }));
  const latin1 = Buffer.from(json, 'latin1');

  it('that are no UTF-8 are a 400, and nothing is asked', async () => {
    const before = server.asked.length;
    const failure = await failureOf(await postChat(server.url, latin1));
    expect(failure).toMatchObject({ status: 400, code: 'invalid_json' });
    expect(failure.message).toContain('UTF-8');
    expect(server.asked.length).toBe(before);
  });

  it.each([
    ['utf8', Buffer.from(json)],
    ['UTF-8', Buffer.from(`\ufeff${json}`)],
    ['"utf-8"', Buffer.from(json)],
    ['latin1', latin1],
    ['ISO-8859-1', latin1],
    ['windows-1252', latin1],
    ['utf-16le', Buffer.from(json, 'utf16le')],
  ])('are read as %s where they say so', async (charset, bytes) => {
    const headers = { 'content-type': `application/json; charset=${charset}` };
    expect((await postChat(server.url, bytes, headers)).status).toBe(200);
    expect(textAsked()).toEqual({ type: 'text', text: 'Grüße' });
  });

  it('of an unknown character set are a 415', async () => {
    const headers = { 'content-type': 'application/json; charset=klingon' };
    expect(await failureOf(await postChat(server.url, json, headers))).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    });
  });

  it.each([
    ['gzip', gzipSync(json)],
    ['deflate', deflateSync(json)],
    ['br', brotliCompressSync(json)],
  ])(
    'compressed with %s are taken, and a 400 where they are cut or something else',
    async (name, bytes) => {
      const headers = { 'content-encoding': name };
      expect((await postChat(server.url, bytes, headers)).status).toBe(200);
      for (const wrong of [bytes.subarray(0, -12), Buffer.from(json), Buffer.from('\0\x01\x02')]) {
        expect(await failureOf(await postChat(server.url, wrong, headers))).toMatchObject({
          status: 400,
          code: 'invalid_json',
        });
      }
    },
  );
});

describe('lines of a stream', () => {
  const wide = '漢字\u2028"\\\n😀\u0085\u2029\u0001';
  const image = Buffer.alloc(1_000_000, 'x').toString('base64');
  const args = JSON.stringify({ text: wide.repeat(20_000) });
  const events: JobEvent[] = [
    { type: 'reasoning', text: wide.repeat(20_000) },
    { type: 'text', text: wide.repeat(30_000) },
    { type: 'media', mimeType: 'image/png', data: image },
    { type: 'tool_call', index: 0, id: 'c1', name: 'f', arguments: args, signature: 'c2ln' },
    { type: 'tool_call', index: 1, id: 'c2', name: 'g', arguments: '{}', signature: image },
    ...Array.from({ length: 400 }, (_, index): JobEvent => ({
      type: 'citation',
      url: `https://a.example/${index}/${'x'.repeat(200)}`,
      title: 'A',
    })),
    { type: 'finish', reason: 'stop', message: wide.repeat(9000) },
  ];

  it('are at most 60 kB, hold no other end of a line, and say the same as the whole answer', async () => {
    await using own = await startServer(events, { mirrorsReasoning: true });
    const whole = (await (await postChat(own.url, chatBody())).json()) as {
      choices: [{ message: Record<string, unknown> & { tool_calls: Record<string, object>[] } }];
    };
    const streamed = await (await postChat(own.url, chatBody({ stream: true }))).text();
    expect(streamed).not.toMatch(/[\u0085\u2028\u2029]/);
    const lines = streamed.split('\n').filter(Boolean);
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThan(60_000);

    const { message } = whole.choices[0];
    const deltas = lines
      .slice(0, -1)
      .map((line) => (JSON.parse(line.slice('data: '.length)) as Chunk).choices[0]?.delta ?? {});
    for (const field of ['content', 'reasoning_content', 'reasoning', 'refusal']) {
      const texts = deltas.map((delta) => delta[field]).filter((text) => typeof text === 'string');
      expect(texts.join('') === message[field]).toBe(true);
    }
    const calls = deltas.flatMap((delta) => delta.tool_calls ?? []);
    expect(
      calls
        .filter(({ index }) => index === 0)
        .map((call) => call.function.arguments)
        .join(''),
    ).toBe(args);
    expect(calls.filter(({ id }) => id !== undefined).map(({ id }) => id)).toEqual(['c1', 'c2']);
    expect(calls.flatMap((call) => call.function.name ?? [])).toEqual(['f', 'g']);
    expect(streamed.split('data:image/png').length).toBe(2); // once
    expect(message['images']).toHaveLength(1);
    expect(deltas.filter((delta) => delta['annotations']).length).toBe(1);
  });

  it('hold a function’s whole arguments in its older form, too', async () => {
    await using own = await startServer(events);
    const body = chatBody({ stream: true, functions: [{ name: 'f' }] });
    const lines = (await (await postChat(own.url, body)).text()).split('\n').filter(Boolean);
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThan(60_000);
  });

  it('are escaped in answers of one piece and in errors as well', async () => {
    await using own = await startServer([{ type: 'text', text: wide }, events.at(-1) as JobEvent]);
    expect(await (await postChat(own.url, chatBody())).text()).not.toMatch(/[\u0085\u2028\u2029]/);
    const refused = await postChat(own.url, chatBody({ model: `x${wide}` }));
    expect(await refused.text()).not.toMatch(/[\u0085\u2028\u2029]/);
  });
});

interface Chunk {
  readonly choices: readonly {
    readonly delta: Record<string, unknown> & {
      readonly tool_calls?: readonly {
        readonly index: number;
        readonly id?: string;
        readonly function: { readonly name?: string; readonly arguments: string };
      }[];
    };
  }[];
}

/** Status, headers and body of what the server says to these bytes. */
async function exchange(
  bytes: string | Buffer,
): Promise<{ head: string; error: Record<string, unknown> }> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(bytes);
  let answer = '';
  for await (const piece of socket) answer += String(piece);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { head, error: (JSON.parse(body) as { error: Record<string, unknown> }).error };
}

describe('what is no request', () => {
  const host = 'host: x\r\nconnection: close\r\n';

  it.each([
    ['bytes without sense', 'hello there\r\n\r\n', 400, 'malformed_request'],
    ['a TLS handshake', Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5]), 400, 'malformed_request'],
    ['an unknown method', `FETCH /v1/models HTTP/1.1\r\n${host}\r\n`, 405, 'method_not_allowed'],
    ['CONNECT', `CONNECT a.test:443 HTTP/1.1\r\n${host}\r\n`, 405, 'method_not_allowed'],
    [
      'a method for files',
      `PROPFIND /v1/models HTTP/1.1\r\n${host}\r\n`,
      405,
      'method_not_allowed',
    ],
    [
      'two lengths',
      `POST /v1/chat/completions HTTP/1.1\r\n${host}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n`,
      400,
      'malformed_request',
    ],
    [
      'headers of 70 kB',
      `GET /v1/models HTTP/1.1\r\n${host}cookie: ${'x'.repeat(70_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    [
      'an expectation',
      `GET /v1/models HTTP/1.1\r\n${host}expect: a-miracle\r\n\r\n`,
      417,
      'expectation_failed',
    ],
    [
      'no such path, without a host',
      `GET /nothing HTTP/1.1\r\nconnection: close\r\n\r\n`,
      404,
      'unknown_url',
    ],
  ])('is answered with the envelope: %s', async (_, bytes, status, code) => {
    const { head, error } = await exchange(bytes);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/^content-type: application\/json; charset=utf-8\r?$/im);
    expect(head).toMatch(/^x-request-id: req-[0-9a-f]{32}\r?$/im);
    expect(Object.keys(error).toSorted()).toEqual(ENVELOPE);
    expect(error['code']).toBe(code);
  });

  it('harms nobody when its client breaks off after CONNECT', async () => {
    const closed = new Promise<void>((resolve) => {
      server.http.once('connection', (socket) => socket.once('close', () => resolve()));
    });
    const client = connect(Number(new URL(server.url).port), '127.0.0.1');
    client.write('CONNECT a.test:443 HTTP/1.1\r\nhost: a.test\r\n\r\n');
    await once(client, 'data');
    client.resetAndDestroy();
    await closed;
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  });

  it('headers of 60 kB are taken: cookies of other programs on localhost', async () => {
    const headers = { cookie: 'x'.repeat(60_000) };
    expect((await fetch(`${server.url}/v1/models`, { headers })).status).toBe(200);
  });
});

describe('paths', () => {
  const asks = async (path: string, fields: object = {}): Promise<number> =>
    (
      await fetch(server.url + path, {
        method: 'POST',
        body: JSON.stringify(chatBody(fields)),
        headers: { 'content-type': 'application/json' },
      })
    ).status;

  it.each([
    '/V1/Chat/Completions',
    '/v1beta/openai/chat/completions',
    '/v1/chat/completions/chat/completions',
    '/api/chat/completions',
  ])('%s asks, under an id that can be cancelled', async (path) => {
    const response = await fetch(server.url + path, {
      method: 'POST',
      body: JSON.stringify(chatBody()),
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-request-id')).toMatch(/^chatcmpl-/);
  });

  it('of Azure’s form name the model', async () => {
    const path = '/openai/deployments/gemini-3-pro-preview/chat/completions?api-version=2026-10-01';
    expect(await asks(path, { model: undefined })).toBe(200);
    expect(server.asked.at(-1)?.model).toBe('gemini-3-pro-preview');
    expect(await asks(path)).toBe(200);
    expect(server.asked.at(-1)?.model).toBe('gemini-2.5-flash');
  });

  it('in absolute form are those of a proxy’s client', async () => {
    const { head, error } = await exchange(
      'GET http://127.0.0.1:1/v1/Nothing?key=secret HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    );
    expect(head).toMatch(/^HTTP\/1.1 404 /);
    expect(error['message']).toBe('Unknown request URL: GET http://127.0.0.1:1/v1/Nothing.');
  });

  it.each([
    '/v1/responses',
    '/responses',
    '/v1/messages',
    '/v1/messages/count_tokens',
    '/v1beta/models/gemini-2.5-flash:generateContent',
    '/v1/models/gemini-2.5-flash:streamGenerateContent',
    '/api/chat',
    '/v1/chat/completions/chatcmpl-1',
  ])('%s is known and not offered: a 400, which no client repeats', async (path) => {
    const response = await fetch(server.url + path, { method: 'POST', body: '{}' });
    const failure = await failureOf(response);
    expect(failure).toMatchObject({ status: 400, code: 'unsupported_endpoint' });
  });
});

describe('keys', () => {
  it.each<[string, Record<string, string>]>([
    ['/v1/models', { 'x-goog-api-key': 'sk-one' }],
    ['/v1/models?key=sk-one', {}],
    ['/v1/models?alt=sse&key=sk%2Done', {}],
    ['/v1/models', { authorization: 'sk-one' }],
  ])('are recognised in %s with %j', async (path, headers) => {
    expect((await fetch(locked.url + path, { headers })).status).toBe(200);
  });

  it.each(['Basic c2stb25l', 'sk-two', 'sk-one x'])(
    'are not recognised in %j',
    async (authorization) => {
      const response = await fetch(`${locked.url}/v1/models`, { headers: { authorization } });
      expect(response.status).toBe(401);
    },
  );
});

describe('origins', () => {
  const allowed = async (url: string, origin: string): Promise<string | null> =>
    (await fetch(`${url}/v1/models`, { headers: { origin } })).headers.get(
      'access-control-allow-origin',
    );

  it('of desktop programs can be allowed by name', async () => {
    const corsOrigins = [
      'app://obsidian.md',
      'tauri://localhost',
      'vscode-webview://*',
      'capacitor://localhost',
      'file:',
      'loopback',
    ];
    await using own = await startServer(hello, { corsOrigins });
    for (const origin of [
      'app://obsidian.md',
      'tauri://localhost',
      'vscode-webview://1abc2def',
      'capacitor://localhost',
      'null',
      'http://localhost:3000',
    ]) {
      expect(await allowed(own.url, origin)).toBe(origin);
      expect((await postChat(own.url, chatBody(), { origin })).status).toBe(200);
    }
    for (const origin of ['app://other', 'tauri://evil', 'https://evil.example']) {
      expect(await allowed(own.url, origin)).toBeNull();
    }
  });

  it.each(['https://evil.example', 'http://evil.example:2048', 'null'])(
    'of a foreign page run no prompt, whatever its type: %s',
    async (origin) => {
      const before = server.asked.length;
      for (const type of ['text/plain', 'application/json', 'text/plain;application/json']) {
        const headers = { origin, 'content-type': type };
        expect((await postChat(server.url, chatBody(), headers)).status).toBe(403);
      }
      expect(server.asked.length).toBe(before);
    },
  );
});

describe('waiting', () => {
  const image = { type: 'image_url', image_url: { url: 'https://files.test/a.png' } };
  const body = chatBody({ stream: true, messages: [{ role: 'user', content: [image] }] });

  it('S-20: is kept alive from when the request is accepted, also while files are fetched', async () => {
    let deliver: (() => void) | undefined;
    const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
    await using own = await startServer(hello, {
      keepAlive: { everyMs: 20, style: 'comment', jsonAfterMs: 0 },
      download: (urls) =>
        new Promise((resolve) => {
          deliver = () =>
            resolve(new Map(urls.map((url) => [url, { bytes: png, contentType: undefined }])));
        }),
    });
    const response = await postChat(own.url, body); // the status line goes out with the first comment
    expect(response.status).toBe(200);
    expect(own.asked).toEqual([]);
    deliver?.();
    expect(await response.text()).toMatch(/^: keep-alive\n\n[^]*Hello[^]*data: \[DONE\]\n\n$/);
  });

  it('E-10: tells in the stream of a file that could not be fetched by then', async () => {
    let fail: ((error: Error) => void) | undefined;
    await using own = await startServer(hello, {
      keepAlive: { everyMs: 20, style: 'chunk', jsonAfterMs: 0 },
      download: () => new Promise((_resolve, reject) => (fail = reject)),
    });
    const response = await postChat(own.url, body);
    await until(() => fail !== undefined);
    fail?.(new Error('gone'));
    expect(await response.text()).toMatch(/"code":"internal_error"[^\n]*\n\n$/);
  });

  it('counts against a key’s limit only what can be asked', async () => {
    let taken = 0;
    await using own = await startServer(hello, {
      async takeRequest() {
        taken += 1;
        return undefined;
      },
    });
    for (const wrong of ['{', chatBody({ n: 2 }), chatBody({ model: 'unknown' })]) {
      expect((await postChat(own.url, wrong)).status).toBeGreaterThanOrEqual(400);
    }
    expect(taken).toBe(0);
    expect((await postChat(own.url, chatBody())).status).toBe(200);
    expect(taken).toBe(1);
  });
});
