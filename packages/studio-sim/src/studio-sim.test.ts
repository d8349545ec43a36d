import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import https from 'node:https';
import { gunzipSync } from 'node:zlib';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { HOSTS, RPC_PATH } from './hosts.ts';
import { createStudioSim, type StudioSim } from './studio-sim.ts';
import { attest } from './wire/attestation.ts';

let sim: StudioSim;
let session: ClientHttp2Session;

beforeAll(async () => {
  sim = await createStudioSim();
  session = connect(`https://localhost:${sim.port}`, { ca: sim.ca });
});

afterAll(async () => {
  session.close();
  await sim[Symbol.asyncDispose]();
});

const control = async (method: string, path: string, body?: unknown) =>
  (
    await fetch(`http://127.0.0.1:${sim.controlPort}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  ).json();

const HEADERS = {
  ':method': 'POST',
  ':authority': HOSTS.rpc,
  origin: 'https://aistudio.google.com',
  authorization: 'SAPISIDHASH 0_x',
  'x-goog-api-key': 'key',
  'content-type': 'application/json+protobuf',
};

function open(rpc: string, body: unknown, headers: Record<string, string> = {}) {
  const stream = session.request({ ...HEADERS, ':path': RPC_PATH + rpc, ...headers });
  stream.end(JSON.stringify(body));
  return stream;
}

async function call(rpc: string, body: unknown, headers: Record<string, string> = {}) {
  const stream = open(rpc, body, headers);
  const [reply] = await once(stream, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const text = reply['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
  return { status: reply[':status'], headers: reply, text: text.toString(), chunks };
}

async function request(text: string): Promise<unknown[]> {
  const contents = [[[[null, text]], 'user']];
  const config = [null, null, null, 1024];
  const attestation = await attest(contents);
  return [
    'models/gemini-2.5-flash',
    contents,
    null,
    config,
    attestation,
    ...Array(5).fill(null),
    1,
  ];
}

describe('the RPC host', () => {
  it('lets the page’s origin in', async () => {
    const preflight = await call('GenerateContent', '', {
      ':method': 'OPTIONS',
      'access-control-request-headers': 'authorization,content-type',
    });
    expect(preflight).toMatchObject({ status: 200, text: '' });
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': 'https://aistudio.google.com',
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'authorization,content-type',
    });
  });

  it('answers, compressed where the browser takes it', async () => {
    const reply = await call('GenerateContent', await request('echo: hä?'), {
      'accept-encoding': 'gzip, br',
    });
    expect(reply.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(reply.text)[0][0][0][0][0][0][0][1]).toBe('hä?');
  });

  it('refuses contents that were changed on the way', async () => {
    const changed = await request('one');
    changed[1] = [[[[null, 'two']], 'user']];
    expect(await call('GenerateContent', changed)).toMatchObject({
      status: 403,
      text: '[,[7,"The caller does not have permission"]]',
    });
  });

  it.each([
    ['a wrong length', (array: unknown[]) => [...array, ...Array(9).fill(null)]],
    ['no attestation', (array: unknown[]) => array.with(4, '')],
    ['no contents', (array: unknown[]) => array.with(1, [])],
    ['no config', (array: unknown[]) => array.with(3, null)],
    ['another constant', (array: unknown[]) => array.with(10, 2)],
  ])('refuses a request with %s', async (_case, change) => {
    const reply = await call('GenerateContent', change(await request('hello')));
    expect(reply.status).toBe(reply.text.includes('[,[7') ? 403 : 400);
  });

  it('bundle C6: takes a request that is as long as what is set in it', async () => {
    const reply = await call('GenerateContent', (await request('echo: short')).slice(0, 5));
    expect(reply.status).toBe(200);
    const longest = [...(await request('echo: long')), 'v1_before', null, null, 'AIza-key', []];
    expect((await call('GenerateContent', longest)).status).toBe(200);
  });

  it('bundle C5: attests parts of contents and nothing else', async () => {
    const changed = await request('echo: same');
    changed[0] = 'models/gemini-2.5-pro';
    changed[5] = [[[null, 'Another system instruction']], 'user'];
    expect((await call('GenerateContent', changed)).status).toBe(200);
  });

  it('asks for credentials, also when refusing with CORS headers', async () => {
    const reply = await call('ListModels', [], { authorization: '' });
    expect(reply.status).toBe(401);
    expect(reply.headers['access-control-allow-origin']).toBe('https://aistudio.google.com');
  });

  it('counts tokens in the exact shape', async () => {
    const reply = await call('CountTokens', ['models/x', [[[[null, 'abcdefgh']], 'user']]]);
    expect(reply.text).toBe('[2,null,null,null,null,[[1,2]]]');
  });
});

describe('a directive', () => {
  it('sends raw chunks exactly as given', async () => {
    const rawChunks = ['W1sx', 'XV0='];
    const directive = `@sim ${JSON.stringify({ rawChunks, delayMs: 20 })}`;
    const reply = await call('GenerateContent', await request(directive), {
      'accept-encoding': 'gzip',
    });
    expect(reply.text).toBe('[[1]]');
    expect(reply.chunks).toHaveLength(2);
  });

  it('cuts the body into network chunks', async () => {
    const reply = await call(
      'GenerateContent',
      await request('@sim {"text":"hello","splitBytes":7}'),
    );
    expect(reply.chunks.length).toBeGreaterThan(20);
    expect(JSON.parse(reply.text)[0]).toHaveLength(3);
  });

  it('cuts the connection after so many frames', async () => {
    const stream = open(
      'GenerateContent',
      await request('@sim {"text":"abc","chunks":3,"dropAfterChunks":2}'),
    );
    let text = '';
    stream.on('data', (chunk) => (text += chunk));
    const [error] = await once(stream, 'error');
    expect(String(error)).toContain('INTERNAL_ERROR');
    expect(text).toContain('"b"');
    expect(text).not.toContain('"c"');
  });

  it('answers an error with its retry delay', async () => {
    const error = { status: 429, code: 8, message: 'Slow down.', retryAfterSeconds: 12 };
    const reply = await call('GenerateContent', await request(`@sim ${JSON.stringify({ error })}`));
    expect(reply.status).toBe(429);
    expect(reply.headers['retry-after']).toBe('12');
    expect(reply.text).toContain('[["12",0]]');
  });
});

describe('over HTTP/1.1', () => {
  const send = async (prompt: string) => {
    const { ':method': method, ':authority': host, ...headers } = HEADERS;
    const path = RPC_PATH + 'GenerateContent';
    const options = { method, path, port: sim.port, ca: sim.ca, agent: false };
    const outgoing = https.request({ ...options, headers: { ...headers, host } });
    outgoing.end(JSON.stringify(await request(prompt)));
    const [reply] = await once(outgoing, 'response');
    return reply;
  };

  it('answers in chunks', async () => {
    const reply = await send('echo: hello');
    let text = '';
    for await (const chunk of reply) text += chunk;
    expect(reply.httpVersion).toBe('1.1');
    expect(reply.headers['transfer-encoding']).toBe('chunked');
    expect(text).toContain('hello');
  });

  it('cuts the connection', async () => {
    const reply = await send('@sim {"text":"abc","chunks":3,"dropAfterChunks":1}');
    reply.resume();
    const [error] = await once(reply, 'error');
    expect(error.code).toBe('ECONNRESET');
  });
});

describe('the control port’s options for the wire', () => {
  afterEach(() => control('DELETE', '/faults'));

  it('cut the connection after so many bytes', async () => {
    await control('POST', '/faults', { dropAfterBytes: 20 });
    const stream = open('GenerateContent', await request('echo: hello'));
    let length = 0;
    stream.on('data', (chunk) => (length += chunk.length));
    await once(stream, 'error');
    expect(length).toBe(20);
  });

  it('end network chunks inside characters', async () => {
    await control('POST', '/faults', { splitInsideUtf8: true });
    const { chunks, text } = await call('GenerateContent', await request('echo: a漢😀'));
    expect(text).toContain('a漢😀');
    expect(chunks.some((chunk) => ((chunk[0] ?? 0) & 0xc0) === 0x80)).toBe(true);
  });

  it('write several frames at once', async () => {
    await control('POST', '/faults', { coalesce: 3 });
    const asked = await request('@sim {"text":"abcdef","chunks":6,"delayMs":5}');
    const { chunks, text } = await call('GenerateContent', asked);
    expect(JSON.parse(text)[0]).toHaveLength(8);
    expect(chunks.length).toBeLessThanOrEqual(4);
  });
});

describe('the control port', () => {
  it('says where everything is', async () => {
    const { port, controlPort, seed } = sim;
    expect(await control('GET', '/health')).toEqual({ ok: true, port, controlPort, seed });
  });

  it('keeps a log with who ended what, and when each frame left', async () => {
    await control('DELETE', '/log');
    await call('GenerateContent', await request('@sim {"text":"ab","chunks":2,"delayMs":50}'));
    const stalled = open(
      'GenerateContent',
      await request('@sim {"text":"x","stallAfterChunks":1}'),
    );
    await once(stalled, 'data');
    stalled.close();
    await once(stalled, 'close');
    await call('CountTokens', ['models/x', []]); // by its answer the close has been seen
    const [first, second] = await control('GET', '/log');
    expect(first).toMatchObject({
      rpc: 'GenerateContent',
      status: 200,
      endedBy: 'complete',
      decoded: { model: 'gemini-2.5-flash', attestation: 'valid', maxOutputTokens: 1024 },
    });
    expect(first.sentAt).toHaveLength(3);
    expect(first.sentAt[1] - first.sentAt[0]).toBeGreaterThan(30); // whole ms of two clocks
    expect(second).toMatchObject({ endedBy: 'client' });
  });

  it('switches faults on, counts them down, and lists them', async () => {
    await control('POST', '/faults', { overloaded: 1 });
    expect((await call('GenerateContent', await request('x'))).status).toBe(503);
    expect((await call('GenerateContent', await request('x'))).status).toBe(200);
    const { faults, known } = await control('GET', '/faults');
    expect(faults).toEqual({});
    expect(known.faults).toHaveProperty('signed-out');
  });

  it('tells what is wrong with a body', async () => {
    expect(await control('POST', '/faults', { nonsense: true })).toEqual({
      error: expect.stringContaining('nonsense'),
    });
    expect(await control('POST', '/scripts', { match: 'x', steps: [{ txt: 'y' }] })).toEqual({
      error: expect.stringContaining('txt'),
    });
    expect(await control('GET', '/nowhere')).toEqual({ error: 'There is no GET /nowhere here.' });
  });

  it('takes scripts and forgets them', async () => {
    await control('POST', '/scripts', { match: 'wrapped', steps: [{ text: 'scripted' }] });
    const asked = await request('a wrapped prompt');
    expect((await call('GenerateContent', asked)).text).toContain('scripted');
    await control('DELETE', '/scripts');
    expect((await call('GenerateContent', asked)).text).not.toContain('scripted');
  });
});

describe('the page host', () => {
  const get = async (path: string, authority: string = HOSTS.page) => {
    const stream = session.request({ ':path': path, ':authority': authority });
    const [reply] = await once(stream, 'response');
    let text = '';
    for await (const chunk of stream) text += chunk;
    return { status: reply[':status'], location: reply.location, text };
  };

  it('serves the page and its script', async () => {
    const { text } = await get('/prompts/new_chat');
    const script = /<script type="module" src="https:\/\/[^/]+([^"]+)">/.exec(text)?.[1] ?? '';
    expect((await get(script)).text).toContain('GenerateContent');
  });

  it('keeps what an uploaded file was', async () => {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/upload/drive/v3/files?uploadType=multipart',
      ':authority': HOSTS.page,
      authorization: 'Bearer token',
      'content-type': 'multipart/related; boundary=B',
    });
    stream.end(
      '--B\r\nContent-Type: application/json\r\n\r\n{"name":"a.txt","mimeType":"text/plain"}' +
        '\r\n--B\r\nContent-Type: text/plain\r\n\r\nhello\r\n--B--',
    );
    let text = '';
    for await (const chunk of stream) text += chunk;
    const contents = [[[[null, null, null, null, null, [JSON.parse(text).id]]], 'user']];
    const asked = await request('');
    await call('GenerateContent', asked.with(1, contents).with(4, await attest(contents)));
    const entry = (await control('GET', '/log')).at(-1);
    expect(entry.decoded.contents[0].parts[0].driveFile).toMatchObject({
      name: 'a.txt',
      mimeType: 'text/plain',
      size: 5,
      sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    });
  });

  it('sends a signed-out browser to /welcome, and from an older page to the sign-in', async () => {
    await control('POST', '/faults', { 'signed-out': true });
    expect(await get('/prompts/new_chat')).toMatchObject({ status: 302, location: '/welcome' });
    expect((await get('/welcome')).text).toContain(`href="https://${HOSTS.accounts}/ServiceLogin`);
    await control('POST', '/faults', { variant: 'u2' });
    const { status, location } = await get('/prompts/new_chat?model=x');
    expect(status).toBe(302);
    expect(location).toMatch(/^https:\/\/accounts\.google\.com\/ServiceLogin\?continue=/);
    expect((await call('ListModels', [])).status).toBe(401);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/signin',
      ':authority': HOSTS.accounts,
    });
    stream.end('continue=https%3A%2F%2Faistudio.google.com%2Fprompts%2Fnew_chat%3Fmodel%3Dx');
    const [reply] = await once(stream, 'response');
    stream.close();
    expect(reply.location).toBe('https://aistudio.google.com/prompts/new_chat?model=x');
    expect(String(reply['set-cookie'])).toContain('SID=');
    expect((await get('/prompts/new_chat')).status).toBe(200);
  });

  it.each(['/403', '/404', '/500', '/520', '/u/0/403'])('has the route %s', async (path) => {
    expect(await get(path)).toMatchObject({ status: 200, location: undefined });
  });

  it('has as many accounts as are signed in', async () => {
    await control('POST', '/faults', { accounts: 2 });
    expect((await get('/u/1/prompts/new_chat')).status).toBe(200);
    expect((await get('/u/2/prompts/new_chat')).location).toContain('/ServiceLogin');
  });
});
