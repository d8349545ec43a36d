import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';

import { StudioError, toErrorRecord } from '@aistudio/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  ADMIN_KEY,
  chatBody,
  fakeHealth,
  hello,
  postChat,
  startServer,
  until,
} from './testing/test-server.ts';

type Running = Awaited<ReturnType<typeof startServer>>;
let server: Running;
let locked: Running;

beforeAll(async () => {
  server = await startServer();
  locked = await startServer(undefined, {
    apiKeys: ['sk-one', 'sk-two'],
    corsOrigins: ['https://chat.example'],
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await locked[Symbol.asyncDispose]();
});

const get = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`${server.url}${path}`, init);

/** What the server at `url` sends back for these bytes, until it closes the connection. */
async function exchange(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(bytes);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** What failed, from the envelope that every failure must have (E-01, E-06). */
async function failureOf(response: Response): Promise<Failure> {
  const { error } = (await response.json()) as { error: Failure };
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(response.headers.get('x-request-id')).toMatch(/^(req|chatcmpl)-[0-9a-f]{32}$/);
  expect(Object.keys(error).toSorted()).toEqual(['code', 'message', 'param', 'type']);
  return { status: response.status, code: error.code, message: error.message };
}

describe('paths', () => {
  it.each([
    '/v1/models',
    '/v1/models/',
    '//v1//models',
    '/v1/v1/models',
    '/models',
    '/openai/models',
    '/openai/v1/models',
    '/api/v1/models?x=1',
  ])('M-02: %s is the model list', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ object: 'list' });
  });

  it('M-01: lists models as OpenAI does', async () => {
    const { data } = (await (await get('/v1/models')).json()) as { data: object[] };
    expect(data).toHaveLength(3);
    expect(data[0]).toMatchObject({
      id: 'gemini-2.5-flash',
      object: 'model',
      created: 1_700_000_000,
      owned_by: 'google',
      context_window: 1_048_576,
      max_output_tokens: 65_536,
    });
  });

  it.each([
    'gemini-2.0-flash',
    'models/gemini-2.0-flash',
    'models%2Fgemini-2.0-flash',
    'gemini-2.0-flash-001',
  ])('M-01: /v1/models/%s is one model', async (id) => {
    expect(await (await get(`/v1/models/${id}`)).json()).toMatchObject({ id: 'gemini-2.0-flash' });
  });

  it('W-08: an unknown model is a 404 that names close ids', async () => {
    const failure = await failureOf(await get('/v1/models/gemini-2.5-flsh'));
    expect(failure).toMatchObject({ status: 404, code: 'model_not_found' });
    expect(failure.message).toContain('gemini-2.5-flash');
  });

  it('M-03: GET and HEAD / are 200, and so is HEAD on any GET route', async () => {
    expect((await get('/')).status).toBe(200);
    expect((await get('/', { method: 'HEAD' })).status).toBe(200);
    expect((await get('/v1/models', { method: 'HEAD' })).status).toBe(200);
  });

  it('E-05: an unknown URL is a 404 that names method and path', async () => {
    const failure = await failureOf(await get('/v1/nothing?here=1'));
    expect(failure).toMatchObject({ status: 404, code: 'unknown_url' });
    expect(failure.message).toContain('GET /v1/nothing');
  });

  it.each([
    ['/v1/embeddings', 'another provider'],
    ['/embeddings', 'another provider'],
    ['/v1/images/generations', 'image model'],
    ['/v1/images/edits', 'image model'],
    ['/v1/audio/speech', 'input_audio'],
    ['/v1/audio/transcriptions', 'input_audio'],
    ['/v1/files', 'parts of a chat message'],
    ['/v1/files/file-1/content', 'parts of a chat message'],
    ['/v1/moderations', 'another provider'],
    ['/v1/fine_tuning/jobs', 'no fine-tuning'],
    ['/v1/fine-tuning/jobs', 'no fine-tuning'],
    ['/v1/batches', 'one by one'],
    ['/v1/assistants', '/v1/chat/completions'],
  ])('M-05: %s is not offered, and the answer says what to do instead', async (path, instead) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const failure = await failureOf(await get(path, { method }));
      expect(failure).toMatchObject({ status: 400, code: 'unsupported_endpoint' });
      expect(failure.message).toContain('not offered by this server');
      expect(failure.message).toContain(instead);
    }
  });

  it('E-05: a wrong method is a 405 with Allow', async () => {
    const response = await get('/v1/chat/completions');
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
    expect(await failureOf(response)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(await failureOf(await get('/v1/models', { method: 'DELETE' }))).toMatchObject({
      status: 405,
      code: 'method_not_allowed',
    });
  });

  it('E-05: answers a badly encoded path as 400', async () => {
    expect(await failureOf(await get('/v1/models/%zz'))).toMatchObject({
      status: 400,
      code: 'invalid_value',
    });
  });
});

describe('the name in the Host header', () => {
  const ask = (url: string, host: string): Promise<string> =>
    exchange(url, `GET /v1/models HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);

  it.each(['127.0.0.1:2048', '[::1]:2048', 'localhost', 'api:2048', 'nas.local', 'x.localhost'])(
    'may be local without a key: %s',
    async (host) => {
      expect(await ask(server.url, host)).toContain('200 OK');
    },
  );

  it.each([
    'rebound.example',
    'rebound.example:2048',
    '127.0.0.1.nip.io',
    'localhost.evil.example',
  ])('is refused where it could be a page’s own: %s', async (host) => {
    const answer = await ask(server.url, host);
    expect(answer).toContain('403 Forbidden');
    expect(answer).toContain('"code":"origin_not_allowed"');
    expect(answer).toContain('ALLOWED_HOSTS');
  });

  it('may be any that is allowed, or any at all with a key', async () => {
    await using known = await startServer(undefined, { allowedHosts: ['studio.example'] });
    expect(await ask(known.url, 'Studio.Example:8080')).toContain('200 OK');
    expect(await ask(locked.url, 'rebound.example')).toContain('401 Unauthorized');
  });
});

describe('a Redis that takes no writes', () => {
  it('is a 503 that says why and when to try again', async () => {
    const full = Object.assign(
      new Error("OOM command not allowed when used memory > 'maxmemory'."),
      {
        name: 'ReplyError',
      },
    );
    await using failing = await startServer(undefined, { ask: () => Promise.reject(full) });
    const response = await postChat(failing.url, chatBody());
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await failureOf(response)).toMatchObject({
      status: 503,
      code: 'not_ready',
      message: expect.stringContaining('memory is full'),
    });
  });
});

describe('health', () => {
  it('is 200 or 503 by whether every part is there; being alive is something else', async () => {
    expect((await get('/health')).status).toBe(200);
    const parts = { ...fakeHealth.parts, redis: { ready: false } };
    await using broken = await startServer(undefined, {
      readHealth: () =>
        Promise.resolve({ ...fakeHealth, status: 'unavailable', ready: false, parts }),
    });
    for (const path of ['/health', '/health/ready']) {
      const response = await fetch(broken.url + path);
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({
        ready: false,
        parts: { redis: { ready: false } },
      });
    }
    expect((await fetch(`${broken.url}/health/live`)).status).toBe(200);
  });

  it('says which tiers are usable, and which gave the answers', async () => {
    await using counting = await startServer(hello);
    const health = async (): Promise<object> =>
      (await (await fetch(`${counting.url}/health`)).json()) as object;
    expect(await health()).toMatchObject({
      tiers: ['stream-proxy', 'dom'],
      answers: { counts: {} },
    });
    await (await postChat(counting.url, chatBody())).text();
    await until(() => counting.served().last !== undefined);
    expect(await health()).toMatchObject({
      answers: {
        counts: { 'stream-proxy': 1 },
        last: { tier: 'stream-proxy', model: 'gemini-2.5-flash', at: expect.any(Number) },
      },
    });
  });
});

describe('GET /api/info', () => {
  it('says what this server is', async () => {
    expect(await (await get('/api/info')).json()).toEqual({
      name: 'AI Studio Proxy API',
      version: '1.2.3',
      uptime_seconds: expect.any(Number),
      base_url: `${server.url}/v1`,
      ready: true,
      tiers: ['stream-proxy', 'dom'],
      models: 3,
      profile: 'alice',
      page_packs: [],
      keys_required: false,
      limits: { queued: 100 },
    });
  });

  it.each(['/api/info', '/metrics'])(
    '%s needs a key once there are any; /health does not',
    async (path) => {
      const refused = await fetch(locked.url + path);
      expect(await failureOf(refused)).toMatchObject({ status: 401, code: 'invalid_api_key' });
      const headers = { authorization: 'Bearer sk-two' };
      expect((await fetch(locked.url + path, { headers })).status).toBe(200);
      expect((await fetch(`${locked.url}/health`)).status).toBe(200);
    },
  );
});

describe('bodies', () => {
  it.each([
    ['{"model": "gemini-2.5-flash", ', 'invalid_json'],
    ['', 'invalid_value'],
    ['[]', 'invalid_value'],
    ['"text"', 'invalid_value'],
  ])('E-05: %j is a 400', async (body, code) => {
    expect(await failureOf(await postChat(server.url, body))).toMatchObject({
      status: 400,
      code: code,
    });
  });

  it('R-11: takes JSON without a type, as text/plain, and gzipped', async () => {
    const body = JSON.stringify(chatBody());
    const headers = { 'content-type': 'text/plain;charset=UTF-8' };
    expect((await postChat(server.url, body, headers)).status).toBe(200);
    const zipped = await postChat(server.url, gzipSync(body), { 'content-encoding': 'gzip' });
    expect(zipped.status).toBe(200);
    expect(await rawPost(body, {})).toBe(200);
  });

  it('R-11: takes Expect: 100-continue and chunked uploads', async () => {
    const body = JSON.stringify(chatBody());
    expect(await rawPost(body, { expect: '100-continue', 'transfer-encoding': 'chunked' })).toBe(
      200,
    );
  });

  it('W-07: takes an h2c upgrade attempt as the plain request it also is', async () => {
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' };
    expect(await rawPost(JSON.stringify(chatBody()), headers)).toBe(200);
  });

  it('W-07: answers HTTP/1.0', async () => {
    const body = JSON.stringify(chatBody({ stream: true }));
    const answer = await exchange(
      server.url,
      `POST /v1/chat/completions HTTP/1.0\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toContain('200 OK');
    expect(answer).toMatch(/data: \[DONE\]\n\n$/);
  });

  it.each([
    ['HTTP/1.1', ''],
    ['HTTP/1.0', ''],
    ['HTTP/1.1', 'of another kind'],
    ['HTTP/1.0', 'of another kind'],
  ])(
    'answers %s with TE: trailers when the answer fails before its first piece %s',
    async (version, other) => {
      await using failing = await startServer(
        [{ type: 'error', error: toErrorRecord(new StudioError('upstream_error', 'No.')) }],
        { keepAlive: { everyMs: 10_000, style: 'comment', jsonAfterMs: 0 } },
      );
      const body = JSON.stringify(chatBody({ stream: other === '' }));
      const answer = await exchange(
        failing.url,
        `POST /v1/chat/completions ${version}\r\nhost: x\r\nte: trailers\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      expect(answer).toContain(' 502 Bad Gateway');
      expect(answer).not.toMatch(/^trailer:/im);
      expect(answer).toContain('"code":"upstream_error"');
    },
  );

  it('ends a stream over HTTP/1.0 without trailers, though the client would take some', async () => {
    const body = JSON.stringify(chatBody({ stream: true }));
    const answer = await exchange(
      server.url,
      `POST /v1/chat/completions HTTP/1.0\r\nte: trailers\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('E-05: another media type is a 415', async () => {
    const headers = { 'content-type': 'application/xml' };
    const response = await postChat(server.url, '<x/>', headers);
    expect(await failureOf(response)).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    });
  });

  it('E-05: an unknown compression is a 415', async () => {
    const headers = { 'content-encoding': 'zip' };
    const response = await postChat(server.url, '{}', headers);
    expect(await failureOf(response)).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    });
  });

  it('E-05: a body above the limit is a 413, also when only its inflated size is', async () => {
    const large = JSON.stringify(chatBody({ user: 'x'.repeat(1_000_001) }));
    expect(await failureOf(await postChat(server.url, large))).toMatchObject({
      status: 413,
      code: 'request_too_large',
    });
    const response = await postChat(server.url, gzipSync(large), { 'content-encoding': 'gzip' });
    expect(await failureOf(response)).toMatchObject({ status: 413, code: 'request_too_large' });
  });

  it('W-07: JSON nested 20,000 levels deep is harmless, and refused where it would travel on', async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const body = JSON.stringify(chatBody({ metadata: 0 })).replace(':0', `:${deep}`);
    expect((await postChat(server.url, body)).status).toBe(200);
    const tools = [{ type: 'function', function: { name: 'f', parameters: 'DEEP' } }];
    const response = await postChat(
      server.url,
      JSON.stringify(chatBody({ tools })).replace('"DEEP"', deep),
    );
    expect(await failureOf(response)).toMatchObject({ status: 400, code: 'invalid_value' });
  });

  /** A request that fetch would not send as it is: without content-type, with Expect or Upgrade. */
  const rawPost = (body: string, headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const url = `${server.url}/v1/chat/completions`;
      const request = httpRequest(url, { method: 'POST', headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject);
      request.end(body);
    });
});

describe('keys', () => {
  it.each([
    { authorization: 'Bearer sk-two' },
    { authorization: 'bearer  sk-one' },
    { 'x-api-key': 'sk-one' },
    { 'api-key': 'sk-two' },
    { authorization: 'Bearer stale', 'x-api-key': 'sk-one' },
  ])('E-07: lets %j in', async (headers) => {
    const response = await fetch(`${locked.url}/v1/models`, { headers: { ...headers } });
    expect(response.status).toBe(200);
  });

  it('E-07: a missing and a wrong key are both 401, in different words', async () => {
    const missing = await failureOf(await fetch(`${locked.url}/v1/models`));
    expect(missing).toMatchObject({ status: 401, code: 'invalid_api_key' });
    const headers = { authorization: 'Bearer sk-oneX' };
    const wrong = await failureOf(await fetch(`${locked.url}/v1/models`, { headers }));
    expect(wrong).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect(missing.message).not.toBe(wrong.message);
  });

  it('E-07: covers every spelling of a path, but not liveness and health', async () => {
    expect((await fetch(`${locked.url}/models`)).status).toBe(401);
    expect((await fetch(`${locked.url}//openai/chat/completions`)).status).toBe(401);
    expect((await fetch(`${locked.url}/`)).status).toBe(200);
    expect((await fetch(`${locked.url}/health`)).status).toBe(200);
  });
});

describe('CORS', () => {
  const preflight = (url: string, origin: string, extra: object = {}): Promise<Response> =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,x-stainless-helper-method',
        ...extra,
      },
    });

  it('M-04: a preflight is 204 without a key and reflects the headers asked for', async () => {
    const response = await preflight(locked.url, 'https://chat.example');
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': 'https://chat.example',
      'access-control-allow-headers': 'authorization,x-stainless-helper-method',
      'access-control-max-age': '7200',
    });
    expect(response.headers.get('access-control-allow-private-network')).toBeNull();
  });

  it('M-04: allows access from the public network only to origins that are configured', async () => {
    const ask = { 'access-control-request-private-network': 'true' };
    const name = 'access-control-allow-private-network';
    const listed = await preflight(locked.url, 'https://chat.example', ask);
    expect(listed.headers.get(name)).toBe('true');
    const local = await preflight(server.url, 'http://localhost:3000', ask);
    expect(local.headers.get(name)).toBeNull();
  });

  it('M-04: allows any loopback origin by default, and no other', async () => {
    const allowed = async (origin: string): Promise<string | null> =>
      (await get('/v1/models', { headers: { origin } })).headers.get('access-control-allow-origin');
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1', 'https://[::1]:8080']) {
      expect(await allowed(origin)).toBe(origin);
    }
    expect(await allowed('https://evil.example')).toBeNull();
    expect(await allowed('http://localhost.evil.example')).toBeNull();
  });

  it('M-04: exposes our headers to pages', async () => {
    const response = await get('/v1/models', { headers: { origin: 'http://localhost' } });
    const exposed = response.headers.get('access-control-expose-headers')?.split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining(['x-request-id', 'retry-after', 'x-should-retry', 'x-ignored-params']),
    );
  });

  it('M-04: runs no prompt for a foreign page where no key is asked for', async () => {
    const before = server.asked.length;
    for (const origin of ['https://evil.example', 'null']) {
      const headers = { origin, 'content-type': 'text/plain' };
      const response = await postChat(server.url, chatBody(), headers);
      expect(await failureOf(response)).toMatchObject({ status: 403, code: 'origin_not_allowed' });
    }
    expect(server.asked.length).toBe(before);
    const desktop = await postChat(server.url, chatBody(), { origin: 'app://notes' });
    expect(desktop.status).toBe(200);
  });
});

describe('failures', () => {
  const failing = (error: Error): Promise<Running> =>
    startServer(undefined, {
      listModels() {
        throw error;
      },
    });

  it('X-03: a short wait is Retry-After, a long one also says not to retry', async () => {
    await using short = await failing(
      new StudioError('not_ready', 'soon', { retryAfterSeconds: 4.2 }),
    );
    const soon = await fetch(`${short.url}/v1/models`);
    expect(soon.headers.get('retry-after')).toBe('5');
    expect(soon.headers.get('x-should-retry')).toBeNull();
    await using long = await failing(
      new StudioError('rate_limit_exceeded', 'later', { retryAfterSeconds: 3600 }),
    );
    const later = await fetch(`${long.url}/v1/models`);
    expect(later.headers.get('retry-after')).toBe('3600');
    expect(later.headers.get('x-should-retry')).toBe('false');
    expect(await failureOf(later)).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  });

  it('E-04: says nothing of what it does not understand', async () => {
    await using broken = await failing(new TypeError('secret detail'));
    const failure = await failureOf(await fetch(`${broken.url}/v1/models`));
    expect(failure).toMatchObject({ status: 500, code: 'internal_error' });
    expect(failure.message).not.toContain('secret');
  });
});

describe('the queue', () => {
  const id = 'chatcmpl-0123';
  const listed = {
    owner: 'anonymous',
    model: 'gemini-2.5-flash',
    isBackground: false,
    waitingMs: 2000,
    runningMs: 0,
    startsInMs: undefined,
  };

  it('is listed in the client’s words, only what is its own unless it has the admin key', async () => {
    await using busy = await startServer(undefined, {
      listPrompts: () =>
        Promise.resolve([
          { ...listed, id, position: 0, waitingMs: 3, runningMs: 500, startsInMs: 0 },
          { ...listed, id: 'chatcmpl-45', position: 1, owner: 'key-2' },
          { ...listed, id: 'chatcmpl-67', position: 2, isBackground: true, startsInMs: 4000 },
        ]),
    });
    const read = async (headers: Record<string, string> = {}): Promise<unknown> =>
      (await fetch(`${busy.url}/v1/queue`, { headers })).json();
    const own = [
      {
        req_id: id,
        state: 'running',
        position: 0,
        model: 'gemini-2.5-flash',
        waiting_ms: 3,
        estimated_start_ms: 0,
        background: false,
        key_id: 'anonymous',
      },
      {
        req_id: 'chatcmpl-67',
        state: 'queued',
        position: 2,
        model: 'gemini-2.5-flash',
        waiting_ms: 2000,
        estimated_start_ms: 4000,
        background: true,
        key_id: 'anonymous',
      },
    ];
    expect(await read()).toEqual({ object: 'list', data: own });
    expect(await read({ 'x-api-key': ADMIN_KEY })).toMatchObject({
      data: [own[0], { key_id: 'key-2', position: 1, estimated_start_ms: null }, own[1]],
    });
  });

  it.each([id, '0123'])('takes %s for the id to cancel', async (given) => {
    const asked: string[] = [];
    await using busy = await startServer(undefined, {
      cancel: (wanted) => {
        asked.push(wanted);
        return Promise.resolve(true);
      },
    });
    const response = await fetch(`${busy.url}/v1/cancel/${given}`, { method: 'POST' });
    expect(await response.json()).toEqual({
      object: 'request.cancellation',
      req_id: id,
      cancelled: true,
    });
    expect(asked).toEqual([id]);
  });

  it('is for those who have a key', async () => {
    const refused = await fetch(`${locked.url}/v1/cancel/${id}`, { method: 'POST' });
    expect(await failureOf(refused)).toMatchObject({ status: 401 });
  });
});
