import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import https from 'node:https';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { HOSTS, RPC_PATH } from '../hosts.ts';
import { createStudioSim, type StudioSim } from '../studio-sim.ts';
import { attest, attestText } from '../wire/attestation.ts';

let sim: StudioSim;
/** As a browser connects: h2, and no Edwards curves. */
let browser: ClientHttp2Session;

beforeAll(async () => {
  sim = await createStudioSim();
  browser = connect(`https://localhost:${sim.port}`, {
    ca: sim.ca,
    sigalgs: 'ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256:rsa_pkcs1_sha256',
  });
});

afterAll(async () => {
  browser.close();
  await sim[Symbol.asyncDispose]();
});

afterEach(async () => void (await control('DELETE', '/faults')));

const HEADERS = {
  origin: 'https://aistudio.google.com',
  authorization: 'SAPISIDHASH 0_x',
  'x-goog-api-key': 'key',
  'content-type': 'application/json+protobuf',
};

const control = async (method: string, path: string, body?: unknown) =>
  (
    await fetch(`http://127.0.0.1:${sim.controlPort}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  ).json();

async function call(rpc: string, body: unknown) {
  const stream = browser.request({
    ...HEADERS,
    ':method': 'POST',
    ':authority': HOSTS.rpc,
    ':path': RPC_PATH + rpc,
  });
  stream.end(JSON.stringify(body));
  const [reply] = await once(stream, 'response');
  let text = '';
  for await (const chunk of stream) text += chunk;
  return { status: reply[':status'], text };
}

async function callByProgram(rpc: string, body: unknown): Promise<number | undefined> {
  const request = https.request(`https://localhost:${sim.port}${RPC_PATH}${rpc}`, {
    ca: sim.ca,
    method: 'POST',
    headers: { ...HEADERS, host: HOSTS.rpc },
  });
  request.end(JSON.stringify(body));
  const [response] = await once(request, 'response');
  response.resume();
  return response.statusCode;
}

async function prompt(text: string): Promise<unknown[]> {
  const contents = [[[[null, text]], 'user']];
  return ['models/gemini-2.5-flash', contents, null, [], await attest(contents)];
}

const answerWith = (directive: object): string => `@sim ${JSON.stringify(directive)}`;
const parsed = (text: string): unknown => JSON.parse(text.replace(/^\[,/, '[null,'));

describe('bundle C2: the status of a stream', () => {
  it('stands behind the frames, with details', async () => {
    const status = { code: 8, message: 'Out.', details: { quotaMetrics: ['per_day'] } };
    const { text } = await call(
      'GenerateContent',
      await prompt(
        answerWith({ text: 'abcdef', chunks: 3, status: { ...status, afterFrames: 2 } }),
      ),
    );
    const [frames, [code, words, details]] = JSON.parse(text);
    expect(frames).toHaveLength(2);
    expect([code, words]).toEqual([8, 'Out.']);
    expect(details[0][0]).toMatch(/GeminiApiErrorDetails$/);
    expect(details[0][1][28]).toEqual([[[null, null, null, 'per_day']]]);
  });

  it.each([
    ['quota-in-200', 8, 0],
    ['quota-after-frames', 8, 2],
    ['error-after-frames', 13, 2],
  ])('%s ends a 200 with code %i after %i frames', async (fault, code, frames) => {
    await control('POST', '/faults', { [fault]: 1 });
    const { status, text } = await call(
      'GenerateContent',
      await prompt(answerWith({ text: 'abcdef', chunks: 4 })),
    );
    expect(status).toBe(200);
    const body = parsed(text) as [unknown[] | null, [number, string]];
    expect(body[0]?.length ?? 0).toBe(frames);
    expect(body[1][0]).toBe(code);
  });
});

describe('faults of an answer', () => {
  it('refuses, when told to, what is not the browser’s own connection', async () => {
    await control('POST', '/faults', { 'refuse-proxied': true });
    expect(await callByProgram('GenerateContent', await prompt('echo: x'))).toBe(403);
    expect((await call('GenerateContent', await prompt('echo: x'))).status).toBe(200);
  });

  it('ends with a code that has no name, and says why', async () => {
    await control('POST', '/faults', { 'unknown-finish': 1 });
    const { text } = await call(
      'GenerateContent',
      await prompt(answerWith({ text: 'x', finishMessage: 'Why.' })),
    );
    const [frames] = JSON.parse(text);
    expect(frames.at(-2)[0][0][1]).toBe(18);
    expect(frames.at(-2)[0][0][3]).toBe('Why.');
  });

  it('sends parts that hold only what the page does not show', async () => {
    await control('POST', '/faults', { 'unknown-parts': 1 });
    const { text } = await call('GenerateContent', await prompt('echo: shown'));
    const parts = JSON.parse(text)[0].map(
      (frame: unknown[][][][][]) => frame[0]?.[0]?.[0]?.[0]?.[0],
    );
    expect(parts[0]).toHaveLength(17);
    expect(parts[3]).toHaveLength(27);
    expect(parts[4]).toEqual([null, 'shown']);
  });

  it('says of a refused prompt what the feedback says', async () => {
    const directive = answerWith({ blockReason: 'SAFETY', blockMessage: 'Not that.' });
    const { text } = await call('GenerateContent', await prompt(directive));
    expect(JSON.parse(text)[0][0][1]).toEqual([1, null, 'Not that.']);
  });
});

describe('bundle C1: interactions', () => {
  const interaction = async (model: string, text: string, previous?: string, flag?: 1) => {
    const fields: unknown[] = [];
    fields[6] = 'Be brief.';
    fields[16] = previous;
    fields[17] = [`models/${model}`];
    fields[26] = [[[[[[text]]]]]];
    return [
      1,
      1,
      flag ?? null,
      Array.from(fields, (each) => each ?? null),
      await attestText(text),
      1,
    ];
  };

  it('are streamed as events, and continued by id', async () => {
    const model = 'gemini-omni-flash-preview';
    const first = await call('CreateInteractionStream', await interaction(model, 'echo: one'));
    expect(first.status).toBe(200);
    const [events] = JSON.parse(first.text);
    const id = events[0][0][0][0];
    expect(
      events.some((event: unknown[]) => JSON.stringify(event[10])?.endsWith('[["one"]]]')),
    ).toBe(true);
    expect(events.at(-1)[1][0].slice(0, 2)).toEqual([id, 3]);
    const second = await call('CreateInteractionStream', await interaction(model, 'echo: two', id));
    expect(second.status).toBe(200);
    const entry = (await control('GET', '/log')).at(-1);
    expect(entry.decoded).toMatchObject({
      model,
      systemInstruction: 'Be brief.',
      previousId: id,
      attestation: 'valid',
      contents: [{ parts: [{ text: 'echo: one' }] }, { parts: [{ text: 'echo: two' }] }],
    });
    const unknown = await call('CreateInteractionStream', await interaction(model, 'x', 'v1_gone'));
    expect(unknown).toMatchObject({ status: 404 });
  });

  it('in the background are created, then read, and cancelled by id', async () => {
    const model = 'deep-research-preview';
    const created = await call(
      'CreateInteraction',
      await interaction(model, 'echo: deep', undefined, 1),
    );
    const [id, status] = JSON.parse(created.text);
    expect(status).toBe(1);
    const read = await call('GetInteractionStream', [id, 1, null, null, await attestText(id), 1]);
    expect(read.text).toContain('"deep"');
    expect((await call('CancelInteraction', [`interactions/${id}`])).status).toBe(200);
    expect((await call('CancelInteraction', [`interactions/${id}`])).status).toBe(404);
  });

  it('refuse models that are asked by GenerateContent', async () => {
    const { status } = await call(
      'CreateInteractionStream',
      await interaction('gemini-2.5-flash', 'x'),
    );
    expect(status).toBe(400);
  });

  it('end with a status behind their events too', async () => {
    await control('POST', '/faults', { 'quota-after-frames': 1 });
    const body = await interaction('gemini-omni-flash-preview', 'echo: x');
    const { text } = await call('CreateInteractionStream', body);
    expect(JSON.parse(text)[1][0]).toBe(8);
  });
});

describe('rows of the account', () => {
  it('gives limits of the account’s project in the form of the service', async () => {
    const [[project]] = JSON.parse((await call('ListCloudProjects', [])).text);
    const [rows] = JSON.parse((await call('ListModelRateLimits', [project[0]])).text);
    expect(rows[0]).toEqual(['gemini-3-pro-preview', 20, 1, 1, ['10'], 4, 1]);
    const [models] = JSON.parse((await call('ListQuotaModels', [])).text);
    expect(models[0].slice(0, 4)).toEqual([
      'gemini-3-pro-preview',
      null,
      4,
      'Gemini 3 Pro Preview',
    ]);
    expect((await call('ListModelRateLimits', ['projects/other'])).status).toBe(403);
  });

  it('bundle C11: keeps what Enter does with the account', async () => {
    expect((await call('GetUserPreferences', [])).text).toBe('[0]');
    await call('UpdateUserPreferences', [[2], [['enter_key_behavior']]]);
    expect((await call('GetUserPreferences', [])).text).toBe('[2]');
  });

  it('lists saved prompts without their turns', async () => {
    const [prompts] = JSON.parse((await call('ListPrompts', [1])).text);
    expect(prompts).toHaveLength(1);
    expect(prompts[0][4]).toEqual(['A saved chat']);
    expect(prompts[0][13]).toEqual([]);
  });
});
