import { type ErrorCode, type JobEvent, loadConfig, StudioError } from '@aistudio/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type Asked, chatBody, hello, postChat, startServer } from '../../testing/test-server.ts';

/** A server whose next answer is `events`, and which tells what it was asked. */
let server: Awaited<ReturnType<typeof startServer>>;
let events: readonly JobEvent[] = hello;

beforeAll(async () => {
  server = await startServer(async function* () {
    yield* events;
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const ENVELOPE = ['code', 'message', 'param', 'type'];

describe('E-01 … E-06: every failure', () => {
  it.each([
    ['GET', '/v1/nothing', undefined, 404],
    ['DELETE', '/v1/models', undefined, 405],
    ['POST', '/v1/chat/completions', '{', 400],
    ['POST', '/v1/chat/completions', '{}', 400],
    ['POST', '/v1/chat/completions', JSON.stringify(chatBody({ model: 'gpt' })), 404],
    ['POST', '/v1/embeddings', '{}', 400],
    ['POST', '/v1/completions', '{}', 400],
    ['POST', '/v1/cancel/%zz', undefined, 400],
  ])(
    'E-01, E-03: %s %s with %s is OpenAI’s envelope, never {detail}',
    async (method, path, body, status) => {
      const response = await fetch(server.url + path, { method, body: body ?? null });
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      const failure = (await response.json()) as { error: Record<string, unknown> };
      expect(Object.keys(failure)).toEqual(['error']);
      expect(Object.keys(failure.error).toSorted()).toEqual(ENVELOPE);
      const { message, type, param, code } = failure.error;
      expect([typeof message, typeof type, typeof code]).toEqual(['string', 'string', 'string']);
      expect(param === null || typeof param === 'string').toBe(true);
      expect(JSON.stringify(failure)).not.toMatch(/\bat .*:\d+:\d+|node_modules/);
    },
  );

  it.each<[ErrorCode, number, string]>([
    ['invalid_value', 400, 'invalid_request_error'],
    ['unsupported_parameter', 400, 'invalid_request_error'],
    ['context_length_exceeded', 400, 'invalid_request_error'],
    ['invalid_api_key', 401, 'invalid_request_error'],
    ['origin_not_allowed', 403, 'invalid_request_error'],
    ['model_not_found', 404, 'invalid_request_error'],
    ['rate_limit_exceeded', 429, 'rate_limit_error'],
    ['queue_full', 429, 'rate_limit_error'],
    ['internal_error', 500, 'server_error'],
    ['upstream_error', 502, 'server_error'],
    ['not_ready', 503, 'server_error'],
    ['timeout', 504, 'server_error'],
  ])(
    'E-02, E-04: %s is a %i of type %s, before the first byte and at a stream’s end',
    async (code, status, type) => {
      const error = { status, type, code, param: null, message: 'No.' };
      const failing = new StudioError(code, 'No.');
      await using refusing = await startServer(async function* () {
        yield* [];
        throw failing;
      });
      for (const stream of [true, false]) {
        const response = await postChat(refusing.url, chatBody({ stream }));
        expect(response.status).toBe(status);
        expect(await response.json()).toMatchObject({ error: { type, code } });
      }
      events = [
        { type: 'text', text: 'half' },
        { type: 'error', error },
      ];
      const streamed = await (await postChat(server.url, chatBody({ stream: true }))).text();
      events = hello;
      const last = streamed.trim().split('\n\n').at(-1)?.slice('data: '.length) ?? '';
      expect(JSON.parse(last)).toEqual({ error: { message: 'No.', type, param: null, code } });
    },
  );

  it('E-06: carries x-request-id, as every other answer does; of a chat it is the job’s', async () => {
    const idOf = async (answering: Promise<Response>): Promise<string | null> => {
      const response = await answering;
      await response.text();
      return response.headers.get('x-request-id');
    };
    for (const path of ['/', '/health', '/v1/models', '/v1/nothing', '/v1/queue']) {
      expect(await idOf(fetch(server.url + path))).toMatch(/^req-[0-9a-f]{32}$/);
    }
    expect(await idOf(fetch(`${server.url}/v1/models`, { method: 'OPTIONS' }))).toMatch(/^req-/);
    for (const stream of [true, false]) {
      const id = await idOf(postChat(server.url, chatBody({ stream })));
      expect(server.asked.at(-1)?.id).toBe(id);
    }
    expect(await idOf(postChat(server.url, chatBody({ n: 2 })))).toMatch(/^chatcmpl-/);
  });

  it('E-06b: says how long it took, and no rate limits that nobody knows', async () => {
    for (const body of [chatBody(), chatBody({ stream: true }), chatBody({ n: 2 })]) {
      const { headers } = await postChat(server.url, body);
      expect(headers.get('openai-processing-ms')).toMatch(/^\d+$/);
      expect([...headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
    }
  });
});

describe('X-07: the server', () => {
  it('X-07: keeps idle connections longer than clients do, and sets a request no time', async () => {
    await using running = await startServer();
    const { http } = running;
    expect(http.keepAliveTimeout).toBeGreaterThan(90_000);
    expect(http.headersTimeout).toBeGreaterThan(http.keepAliveTimeout);
    expect(http.requestTimeout).toBe(0);
  });
});

/** What was asked for after `body` was posted. */
async function askedFor(body: object, headers: Record<string, string> = {}): Promise<Asked> {
  const response = await postChat(server.url, body, headers);
  expect(response.status).toBe(200);
  await response.text();
  return server.asked.at(-1)!;
}

describe('R-11: large bodies', () => {
  it('R-11: are taken up to 64 MiB and beyond, as the server is set by default', async () => {
    const maxBodyBytes = loadConfig({}).MAX_BODY_BYTES;
    expect(maxBodyBytes).toBeGreaterThan(64 * 1024 * 1024);
    await using roomy = await startServer(hello, { maxBodyBytes });
    const body = JSON.stringify(chatBody({ user: 'x'.repeat(64 * 1024 * 1024) }));
    expect((await postChat(roomy.url, body)).status).toBe(200);
  });
});

describe('W: requests as programs send them', () => {
  const text = (piece: string): object => ({ type: 'text', text: piece });

  it('W-01: keep every part and every message, in order, whichever holds the user’s words', async () => {
    const parts = ['<reminder>a</reminder>', 'b', 'c', '<date>today</date>', 'The question'];
    const { plan } = await askedFor(
      chatBody({
        messages: [
          { role: 'system', content: 'S' },
          { role: 'user', content: 'first' },
          { role: 'user', content: 'second' },
          { role: 'user', content: parts.map(text) },
        ],
      }),
    );
    expect(plan.turns.map(({ role }) => role)).toEqual(['system', 'user', 'user', 'user']);
    expect(plan.turns.at(-1)?.parts).toEqual(parts.map(text));
  });

  it('W-02: are answered beside each other, a title beside a long extraction with six tools', async () => {
    const tools = Array.from({ length: 6 }, (_, index) => ({
      type: 'function',
      function: { name: `tool_${index}`, parameters: { type: 'object', properties: {} } },
    }));
    const system = { role: 'system', content: 'x'.repeat(44_000) };
    const user = { role: 'user', content: 'Go' };
    const bodies = [
      chatBody({ messages: [system, user], tools }),
      chatBody({ messages: [user], max_tokens: 20 }),
      chatBody({ stream: true }),
    ];
    const before = server.asked.length;
    const answers = await Promise.all(bodies.map((body) => postChat(server.url, body)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await Promise.all(answers.map((answer) => answer.text()));
    const ids = server.asked.slice(before).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });

  it('W-04: may declare 25 tools with all that JSON Schema has, in a body of 80 kB', async () => {
    const parameters = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'Input',
      type: 'object',
      additionalProperties: false,
      required: ['path'],
      properties: {
        path: { type: 'string', pattern: '^/', minLength: 1, description: 'p'.repeat(2800) },
        depth: { type: ['integer', 'null'], exclusiveMinimum: 0, default: 1 },
        mode: { anyOf: [{ const: 'a' }, { enum: ['b', 'c'] }] },
        range: { oneOf: [{ type: 'array', items: { type: 'number' }, maxItems: 2 }] },
      },
    };
    const tools = Array.from({ length: 25 }, (_, index) => ({
      type: 'function',
      name: `tool_${index}`,
      function: { name: `tool_${index}`, description: 'd', parameters, strict: true },
    }));
    const body = chatBody({ tools });
    expect(JSON.stringify(body).length).toBeGreaterThan(80_000);
    const { functions } = (await askedFor(body)).plan.settings;
    expect(functions).toHaveLength(25);
    expect(functions[24]).toMatchObject({ name: 'tool_24', parameters });
  });

  it('W-05: set what agents set, and null for what they leave', async () => {
    const { plan } = await askedFor(
      chatBody({
        stream: false,
        stream_options: { include_usage: true },
        tool_choice: 'auto',
        store: false,
        max_tokens: 32_000,
        temperature: null,
        top_p: null,
        stop: null,
        n: null,
        seed: null,
        tools: null,
        response_format: null,
        reasoning_effort: null,
        logit_bias: null,
        logprobs: null,
        modalities: null,
        user: null,
        parallel_tool_calls: null,
      }),
    );
    expect(plan.settings).toMatchObject({ maxOutputTokens: 32_000, stop: [], functions: [] });
    expect(plan.settings).not.toHaveProperty('temperature');
  });

  it('W-06: bring headers of their own, which change nothing', async () => {
    const headers = {
      accept: 'application/json',
      'sec-fetch-mode': 'cors',
      'x-stainless-lang': 'js',
      'x-stainless-helper-method': 'stream',
      conversation_id: 'c',
      session_id: 's',
      originator: 'agent',
      'x-session-id': 's',
      'x-session-affinity': 's',
      'x-initiator': 'user',
      'x-interaction-type': 'chat',
    };
    const response = await postChat(server.url, chatBody({ stream: true }), headers);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await response.text()).toContain('data: [DONE]');
    const preflight = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:5173',
        'access-control-request-method': 'POST',
        'access-control-request-headers': Object.keys(headers).join(','),
      },
    });
    expect(preflight.headers.get('access-control-allow-headers')).toBe(
      Object.keys(headers).join(','),
    );
  });
});
