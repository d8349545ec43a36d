import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenAI } from 'openai';

import { Simulator } from './simulator.ts';
import { type Stack, startStack } from './stack.ts';

const MODEL = 'gemini-2.5-flash';
const FIRST_BYTE_MS = 1000;

const chunk = (fields: object): string => `data: ${JSON.stringify(fields)}\n\n`;
const text = (content: string): string =>
  chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
const finish =
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) + 'data: [DONE]\n\n';
const SSE = { 'content-type': 'text/event-stream' };

/** What the fake service does with its next requests. */
let answer: (response: ServerResponse) => void;
let requests: { headers: IncomingMessage['headers']; body: unknown }[] = [];

const service = createServer((request, response) => {
  void json(request).then((body) => {
    requests.push({ headers: request.headers, body });
    return answer(response);
  });
});

let stack: Stack;
let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
  await once(service.listen(0, '127.0.0.1'), 'listening');
  const { port } = service.address() as AddressInfo;
  stack = await startStack({
    env: {
      STREAM_PORT: '0',
      HELPER_ENDPOINT: `http://127.0.0.1:${port}/v1`,
      HELPER_API_KEY: 'helper-key',
      HELPER_MODEL_MAP: `${MODEL}=google/${MODEL}`,
      HELPER_FIRST_BYTE_TIMEOUT_MS: String(FIRST_BYTE_MS),
    },
  });
  simulator = new Simulator(stack.controlUrl);
  client = new OpenAI({ baseURL: stack.baseUrl, apiKey: 'any', maxRetries: 0 });
});

beforeEach(async () => {
  requests = [];
  await simulator.clear();
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
  service.close();
  service.closeAllConnections();
});

/** Asks, and gives the text and the tier that served it. */
async function ask(content: string): Promise<{ text: string | null; tier: string | null }> {
  const { data, response } = await client.chat.completions
    .create({ model: MODEL, temperature: 0.5, messages: [{ role: 'user', content }] })
    .withResponse();
  return {
    text: data.choices[0]?.message.content ?? null,
    tier: response.headers.get('x-aistudio-tier'),
  };
}

describe('a helper', () => {
  it('answers without the page, asked with its own key and model name', async () => {
    answer = (response) => response.writeHead(200, SSE).end(text('from ') + text('afar') + finish);
    expect(await ask('echo: page')).toEqual({ text: 'from afar', tier: 'helper' });
    expect(await simulator.generateContent()).toHaveLength(0);
    expect(requests[0]?.headers).toMatchObject({ authorization: 'Bearer helper-key' });
    expect(requests[0]?.headers.cookie).toBeUndefined();
    expect(requests[0]?.body).toMatchObject({
      model: `google/${MODEL}`,
      temperature: 0.5,
      messages: [{ role: 'user', content: 'echo: page' }],
    });
  });

  it('that breaks off after content ends the answer as interrupted, without another press', async () => {
    let breakOff = (): void => undefined;
    answer = (response) => {
      response.writeHead(200, SSE).write(text('half'));
      breakOff = () => response.destroy();
    };
    const stream = await client.chat.completions.create({
      model: MODEL,
      stream: true,
      messages: [{ role: 'user', content: 'echo: page' }],
    });
    let received = '';
    const reading = (async () => {
      for await (const { choices } of stream) {
        received += choices[0]?.delta.content ?? '';
        if (received === 'half') breakOff();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'upstream_interrupted' });
    expect(received).toBe('half');
    expect(await simulator.generateContent()).toHaveLength(0);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['refuses', (response) => response.writeHead(401).end('{"error":{"message":"No."}}')],
    ['never replies', () => undefined],
    ['sends garbage', (response) => response.writeHead(200, SSE).end('data: garbage\n\n')],
  ])('that %s is made good by the page', async (_title, reply) => {
    answer = (response) => response.writeHead(200, SSE).end(text('well') + finish);
    await ask('echo: page'); // it has not failed several times in a row
    answer = reply;
    expect(await ask('echo: page')).toEqual({ text: 'page', tier: 'dom' });
    expect(await simulator.generateContent()).toHaveLength(1);
  });

  it('is left alone after three failures in a row', async () => {
    answer = (response) => response.writeHead(503).end();
    for (let count = 0; count < 5; count++) {
      expect(await ask('echo: page')).toEqual({ text: 'page', tier: 'dom' });
    }
    expect(requests.length).toBeLessThanOrEqual(3);
  });
});
