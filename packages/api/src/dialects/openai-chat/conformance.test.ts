import {
  errorCodes,
  type FinishReason,
  type JobEvent,
  StudioError,
  toErrorRecord,
} from '@aistudio/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import {
  ChatCompletionShape,
  ErrorShape,
  ModelListShape,
  ModelShape,
  parseStream,
} from '../../testing/published-shapes.ts';
import { chatBody, postChat, startServer } from '../../testing/test-server.ts';

let events: readonly JobEvent[];
let server: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  server = await startServer(async function* () {
    yield* events;
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const text: JobEvent = { type: 'text', text: 'Hello' };
const thinking: JobEvent = { type: 'reasoning', text: 'Hm.' };
const call = (index: number, args: string): JobEvent => ({
  type: 'tool_call',
  index,
  id: `call_${index}`,
  name: 'weather',
  arguments: args,
});
const image: JobEvent = { type: 'media', mimeType: 'image/png', data: 'AAAA' };
const source: JobEvent = { type: 'citation', url: 'https://a.example', title: 'A' };
const counts = { promptTokens: 3, completionTokens: 2, reasoningTokens: 4, totalTokens: 9 };
const usage: JobEvent = { type: 'usage', ...counts, exact: true };
const finish = (reason: FinishReason): JobEvent => ({ type: 'finish', reason });

const ANSWERS: readonly [name: string, events: readonly JobEvent[]][] = [
  ['text', [text, text, usage, finish('stop')]],
  ['nothing', [finish('stop')]],
  ['thinking and text', [thinking, thinking, text, usage, finish('stop')]],
  ['one call', [call(0, '{"city":"Oslo"}'), finish('tool_calls')]],
  ['calls after text', [text, call(0, '{}'), call(1, ''), call(2, '{"a":[1]}'), finish('stop')]],
  ['a signed call', [{ ...call(0, '{}'), signature: 'AAAA' } as JobEvent, finish('stop')]],
  ['images and sound', [text, image, image, { ...image, mimeType: 'audio/wav' }, finish('stop')]],
  ['sources', [source, text, source, finish('stop')]],
  ['a cut-off answer', [text, finish('length')]],
  ['a filtered answer', [finish('content_filter')]],
];

describe.each(ANSWERS)('an answer of %s', (_name, answer) => {
  it('N-01 … N-08: in one piece has the published shape', async () => {
    events = answer;
    const response = await postChat(server.url, chatBody());
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const completion = ChatCompletionShape.parse(await response.json());
    expect(completion.id).toBe(response.headers.get('x-request-id'));
  });

  it.each([true, false])(
    'S-02 … S-11: streamed has the published shapes (usage: %s)',
    async (includeUsage) => {
      events = answer;
      const asked = { stream: true, stream_options: { include_usage: includeUsage } };
      const response = await postChat(server.url, chatBody(asked));
      expect(parseStream(await response.text(), includeUsage).length).toBeGreaterThan(1);
    },
  );
});

describe('failures', () => {
  it.each(errorCodes)('E-01: %s has the published shape, at once and in a stream', async (code) => {
    const error = toErrorRecord(new StudioError(code, 'It failed.', { param: 'messages' }));
    events = [{ type: 'error', error }];
    const response = await postChat(server.url, chatBody({ stream: true }));
    expect(response.status).toBe(error.status);
    expect(ErrorShape.parse(await response.json()).error.code).toBe(code);

    events = [text, { type: 'error', error }];
    const body = await (await postChat(server.url, chatBody({ stream: true }))).text();
    const last = body.trim().split('\n\n').at(-1) ?? '';
    expect(ErrorShape.parse(JSON.parse(last.slice('data: '.length))).error.code).toBe(code);
  });
});

describe('any body at all', () => {
  it('E-01, E-08: is answered, or refused with a 400 of the published shape', async () => {
    events = [text, finish('stop')];
    const field = fc.constantFrom('messages', 'tools', 'stop', 'stream', 'stream_options', 'n');
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.dictionary(field, fc.jsonValue()).map((fields) => JSON.stringify(chatBody(fields))),
    );
    await fc.assert(
      fc.asyncProperty(body, async (value) => {
        const response = await postChat(server.url, value);
        const answer = await response.text();
        expect([200, 400]).toContain(response.status);
        if (response.status === 400) ErrorShape.parse(JSON.parse(answer));
      }),
      { numRuns: 100 },
    );
  });
});

describe('models', () => {
  it('M-01: have the published shapes', async () => {
    const get = async (path: string): Promise<unknown> => (await fetch(server.url + path)).json();
    const { data } = ModelListShape.parse(await get('/v1/models'));
    expect(data.length).toBeGreaterThan(0);
    for (const { id } of data) ModelShape.parse(await get(`/v1/models/${id}`));
  });
});
