import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ADMIN_KEY, chatBody, postChat, startServer } from '../testing/test-server.ts';

let server: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

interface Answer {
  readonly status: number;
  /** What the test looks at of all that such answers can hold. */
  readonly body: {
    readonly id: string;
    readonly key: string;
    readonly data: unknown;
    readonly error: { readonly code: string; readonly param: string | null };
  };
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { authorization: `Bearer ${ADMIN_KEY}` },
): Promise<Answer> {
  const response = await fetch(server.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

const models = async (key?: string): Promise<number> =>
  (await fetch(`${server.url}/v1/models`, { headers: key ? { 'x-api-key': key } : {} })).status;

describe('/api/keys', () => {
  it('is for the admin key alone, which asks nobody else for a key', async () => {
    for (const headers of [{}, { 'x-api-key': 'sk-wrong' }] as Record<string, string>[]) {
      for (const [method, path] of [
        ['GET', '/api/keys'],
        ['POST', '/api/keys'],
        ['DELETE', '/api/keys/key-1'],
        ['POST', '/API//keys/test/'],
      ] as const) {
        const { status, body } = await call(method, path, undefined, headers);
        expect([status, body.error.code]).toEqual([401, 'invalid_api_key']);
      }
    }
    expect(await models()).toBe(200);
    expect(await models(ADMIN_KEY)).toBe(200);
  });

  it('makes a key, shows it once, lists it masked, and refuses it once revoked', async () => {
    const made = await call('POST', '/api/keys', { name: ' laptop ', priority: 'high' });
    expect(made.status).toBe(201);
    const { id, key, ...rest } = made.body;
    expect(key).toMatch(/^sk-[\w-]{43}$/);
    expect(rest).toMatchObject({ name: 'laptop', priority: 'high', requests_per_minute: null });
    expect([await models(), await models('sk-wrong'), await models(key)]).toEqual([401, 401, 200]);
    expect((await call('GET', '/api/keys', undefined, { 'api-key': key })).status).toBe(401);

    const test = (tested: string): Promise<Answer> =>
      call('POST', '/api/keys/test', { key: tested });
    expect((await test(key)).body).toEqual({ valid: true, id, name: 'laptop' });
    expect((await test('sk-wrong')).body).toEqual({ valid: false });

    const { body: list } = await call('GET', '/api/keys');
    expect(list).toEqual({
      object: 'list',
      data: [{ id, ...rest, key: `sk-…${key.slice(-4)}`, last_used_at: expect.any(Number) }],
    });

    expect((await call('DELETE', `/api/keys/${id}`)).body).toMatchObject({ id, deleted: true });
    expect(await models(key)).toBe(401);
    expect(await models()).toBe(401); // otherwise the revoked key would be as good as none
    expect((await call('GET', '/api/keys')).body.data).toEqual([]);
    const again = await call('DELETE', `/api/keys/${id}`);
    expect([again.status, again.body.error.code]).toEqual([404, 'key_not_found']);
  });

  it.each([
    [{}, 'name'],
    [{ name: ' ' }, 'name'],
    [{ name: 'x', priority: 'urgent' }, 'priority'],
    [{ name: 'x', requests_per_minute: -1 }, 'requests_per_minute'],
  ])('refuses %j', async (body, param) => {
    const { status, body: answer } = await call('POST', '/api/keys', body);
    expect([status, answer.error.code, answer.error.param]).toEqual([400, 'invalid_value', param]);
  });

  it('says which methods it takes', async () => {
    const response = await fetch(`${server.url}/api/keys/key-1`, {
      method: 'PUT',
      headers: { 'x-api-key': ADMIN_KEY },
    });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('DELETE, OPTIONS');
  });
});

describe('a request for an answer', () => {
  it('goes by its key, and says whether anybody waits for it', async () => {
    await using own = await startServer(undefined, { apiKeys: ['sk-one', 'sk-two'] });
    const content = '### Task:\nGenerate a short title for the chat history.';
    const title = chatBody({ messages: [{ role: 'user', content }] });
    await postChat(own.url, chatBody(), { 'x-api-key': 'sk-two' });
    await postChat(own.url, title, { 'x-api-key': ADMIN_KEY });
    expect(own.asked).toMatchObject([
      { caller: { id: 'env-2', isAdmin: false }, isBackground: false },
      { caller: { id: 'admin', isAdmin: true }, isBackground: true },
    ]);
  });

  it('is refused beyond what its key may ask for, with what is left said honestly', async () => {
    const standing = { limit: 2, remaining: 1, resetMs: 59_001, waitMs: 0 };
    await using own = await startServer(undefined, {
      takeRequest: async ({ id }) =>
        id === 'admin' ? undefined : { ...standing, remaining: 0, waitMs: 12_300 },
    });
    const refused = await postChat(own.url, chatBody());
    const said = ['limit', 'remaining', 'reset'].map((name) =>
      refused.headers.get(`x-ratelimit-${name}-requests`),
    );
    expect(said).toEqual(['2', '0', '60s']);
    expect(refused.headers.get('retry-after')).toBe('13');
    expect([refused.status, await refused.json()]).toMatchObject([
      429,
      { error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } },
    ]);
    expect(own.asked).toEqual([]);
    const free = await postChat(own.url, chatBody(), { 'x-api-key': ADMIN_KEY });
    expect(free.status).toBe(200);
    expect(free.headers.has('x-ratelimit-limit-requests')).toBe(false);
  });
});
