import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  type ChatChunkShape,
  ChatCompletionShape,
  ErrorShape,
  ModelListShape,
  parseStream,
} from '../../packages/api/src/testing/published-shapes.ts';
import { sim } from '../support/asking.ts';
import { keepForAll } from '../support/keep.ts';
import { Simulator } from '../support/simulator.ts';
import { type Stack, startStack } from '../support/stack.ts';

const MODEL = 'gemini-2.5-flash';
const tools = ['weather', 'time'].map((name) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { city: { type: 'string' } } } },
}));

let stack: Stack;
let simulator: Simulator;

const keep = keepForAll();
beforeAll(async () => {
  stack = keep(await startStack());
  simulator = new Simulator(stack.controlUrl);
});
beforeEach(async () => {
  await simulator.clear();
});

const post = (content: string, settings: object = {}): Promise<Response> =>
  fetch(`${stack.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content }], ...settings }),
  });

type Message = ReturnType<typeof ChatCompletionShape.parse>['choices'][0]['message'];

/** One prompt's answer in one piece, in its published shape. */
async function whole(content: string, settings: object = {}) {
  const response = await post(content, settings);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return ChatCompletionShape.parse(await response.json());
}

/** The same streamed: every chunk in its published shape, and together by the rules for streams. */
async function streamed(
  content: string,
  settings: object = {},
  includeUsage = true,
): Promise<ChatChunkShape[]> {
  const stream_options = { include_usage: includeUsage };
  const response = await post(content, { ...settings, stream: true, stream_options });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('content-encoding')).toBeNull();
  return parseStream(await response.text(), includeUsage);
}

const deltasOf = (chunks: readonly ChatChunkShape[]) =>
  chunks.flatMap(({ choices: [choice] }) => (choice ? [choice.delta] : []));

/** The message that a client puts together from the chunks. */
function joined(chunks: readonly ChatChunkShape[]): Partial<Message> {
  const deltas = deltasOf(chunks);
  const unindexed = <T extends { index: number }>({ index: _index, ...rest }: T) => rest;
  return {
    content: deltas.map(({ content }) => content ?? '').join(''),
    reasoning_content: deltas.map((delta) => delta.reasoning_content ?? '').join(''),
    tool_calls: deltas.flatMap(({ tool_calls }) => tool_calls ?? []).map(unindexed),
    annotations: deltas.flatMap(({ annotations }) => annotations ?? []),
  };
}

const reasonOf = (chunks: readonly ChatChunkShape[]): string | undefined =>
  chunks.findLast(({ choices: [choice] }) => choice?.finish_reason)?.choices[0]?.finish_reason ??
  undefined;

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const toolCalls = [
  { name: 'weather', args: { city: 'Oslo' } },
  { name: 'time', args: {} },
];

const ANSWERS: readonly [
  name: string,
  directive: Record<string, unknown>,
  settings: object,
  reason: string,
][] = [
  ['N-02, S-06, S-07: text', { text: ' \n two  lines\n\n', chunks: 3 }, {}, 'stop'],
  ['S-14: thinking', { thoughts: 'Let me see.', text: 'So it is.' }, {}, 'stop'],
  ['N-05: MAX_TOKENS', { text: 'cut', finish: 'MAX_TOKENS' }, {}, 'length'],
  ['N-05: SAFETY', { text: 'half', finish: 'SAFETY' }, {}, 'content_filter'],
  ['N-05: RECITATION', { text: 'half', finish: 'RECITATION' }, {}, 'content_filter'],
  ['N-04, T-01 … T-05: calls', { toolCalls }, { tools }, 'tool_calls'],
  ['an image', { text: 'Here:', media: { mimeType: 'image/png', data: png } }, {}, 'stop'],
  [
    'sources',
    { text: 'Found.', citations: [{ url: 'https://a.example/x', title: 'A' }] },
    { tools: [{ type: 'google_search' }] },
    'stop',
  ],
];

describe('an answer by way of the page', () => {
  it.each(ANSWERS)(
    '%s has the published shapes, and S-13, T-07: says the same streamed or not',
    async (_name, directive, settings, reason) => {
      const completion = await whole(sim(directive), settings);
      const { message, finish_reason } = completion.choices[0];
      expect(finish_reason).toBe(reason);
      const chunks = await streamed(sim(directive), settings);
      expect(reasonOf(chunks)).toBe(reason);
      const { tool_calls, ...rest } = joined(chunks);
      const bare = (calls: Message['tool_calls'] = []) => calls.map((call) => call.function);
      expect(bare(tool_calls)).toEqual(bare(message.tool_calls));
      expect(rest).toEqual({
        content: message.content ?? '',
        reasoning_content: message.reasoning_content ?? '',
        annotations: message.annotations ?? [],
      });
    },
  );

  it('N-04, T-02, T-04, T-06: gives calls whole, numbered, with JSON arguments, and null content', async () => {
    const { message } = (await whole(sim({ toolCalls }), { tools })).choices[0];
    expect(message.content).toBeNull();
    const expected = toolCalls.map(({ name, args }) => ({ name, arguments: args }));
    const parsed = message.tool_calls?.map(({ function: { name, arguments: text } }) => ({
      name,
      arguments: JSON.parse(text) as unknown,
    }));
    expect(parsed).toEqual(expected);
    const deltas = deltasOf(await streamed(sim({ toolCalls }), { tools }));
    const calls = deltas.flatMap(({ tool_calls }) => tool_calls ?? []);
    expect(calls.map(({ index }) => index)).toEqual([0, 1]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
  });

  it('N-06: leaves the stop sequence out', async () => {
    const { choices } = await whole(sim({ text: 'one END two' }), { stop: 'END' });
    expect(choices[0].message.content).toBe('one ');
  });

  it('N-07, S-10: has AI Studio’s own counts, thinking among the completion', async () => {
    const directive = sim({ text: 'x', usage: { prompt: 9, completion: 3, reasoning: 2 } });
    const expected = {
      prompt_tokens: 9,
      completion_tokens: 5,
      total_tokens: 14,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 2 },
    };
    expect((await whole(directive)).usage).toEqual(expected);
    expect((await streamed(directive)).at(-1)?.usage).toEqual(expected);
    expect((await streamed(directive, {}, false)).some((chunk) => 'usage' in chunk)).toBe(false);
  });

  it('N-05: a malformed call is an error, not a stop', async () => {
    const response = await post(sim({ finish: 'MALFORMED_FUNCTION_CALL' }));
    expect(response.status).toBe(502);
    ErrorShape.parse(await response.json());
  });

  it('E-01, E-10: a failure has the published shape, before the stream and within', async () => {
    const error = { status: 500, code: 13, message: 'Internal error.' };
    for (const stream of [true, false]) {
      const response = await post(sim({ error }), { stream });
      expect(response.status).toBe(502);
      ErrorShape.parse(await response.json());
    }
    const cut = await post(sim({ text: 'abcdef', chunks: 6, dropAfterChunks: 3 }), {
      stream: true,
    });
    const last = (await cut.text()).trim().split('\n\n').at(-1) ?? '';
    ErrorShape.parse(JSON.parse(last.slice('data: '.length)));
  });

  it('M-01: the model list has the published shape', async () => {
    const response = await fetch(`${stack.baseUrl}/models`);
    expect(ModelListShape.parse(await response.json()).data.length).toBeGreaterThan(0);
  });
});
