import { type JobEvent } from '@aistudio/core';
import { collect } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { toCompletion } from '../openai-chat/response.ts';
import { toChunks } from '../openai-chat/stream.ts';

const envelope = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'm' };

async function* stream(events: Iterable<JobEvent>): AsyncGenerator<JobEvent> {
  yield* events;
}

const completionOf = (events: readonly JobEvent[], mirrorsReasoning = false) =>
  toCompletion(stream(events), envelope, { mirrorsReasoning });
const chunksOf = async (
  events: readonly JobEvent[],
  includeUsage = false,
  mirrorsReasoning = false,
) =>
  (await collect(toChunks(stream(events), envelope, { includeUsage, mirrorsReasoning })))
    .slice(0, -1)
    .map((chunk) => JSON.parse(chunk));

const finish = (reason: 'stop' | 'length' | 'tool_calls' | 'content_filter'): JobEvent => ({
  type: 'finish',
  reason,
});

describe('an answer in one piece', () => {
  it('N-02, N-03: has all that OpenAI requires, and no more than is known', async () => {
    expect(await completionOf([{ type: 'text', text: 'Hi' }, finish('stop')])).toEqual({
      ...envelope,
      object: 'chat.completion',
      system_fingerprint: null,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hi', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
    });
  });

  it('bundle §4 row 4: gives AI Studio’s own sentence about a refusal, whole and streamed', async () => {
    const end: JobEvent = { type: 'finish', reason: 'content_filter', message: 'Held back.' };
    const { choices } = await completionOf([{ type: 'text', text: 'Hi' }, end]);
    expect(choices[0]).toMatchObject({
      message: { content: 'Hi', refusal: 'Held back.' },
      finish_reason: 'content_filter',
    });
    const deltas = (await chunksOf([end])).map(({ choices: [choice] }) => choice.delta);
    expect(deltas).toEqual([{ role: 'assistant', content: '' }, { refusal: 'Held back.' }, {}]);
  });

  it('R-08, N-05: has a function_call for a client of the older form, whole and streamed', async () => {
    const call = { type: 'tool_call', index: 0, id: 'c', name: 'f', arguments: '{"x":1}' } as const;
    const older = { mirrorsReasoning: false, hasLegacyCalls: true };
    const function_call = { name: 'f', arguments: '{"x":1}' };
    const whole = await toCompletion(stream([call, finish('tool_calls')]), envelope, older);
    expect(whole.choices[0]).toEqual({
      index: 0,
      message: { role: 'assistant', content: null, refusal: null, function_call },
      logprobs: null,
      finish_reason: 'function_call',
    });
    const events = stream([call, finish('tool_calls')]);
    const chunks = await collect(toChunks(events, envelope, { ...older, includeUsage: false }));
    const choices = chunks.slice(1, -1).map((chunk) => JSON.parse(chunk).choices[0] as object);
    expect(choices).toMatchObject([
      { delta: { function_call }, finish_reason: null },
      { delta: {}, finish_reason: 'function_call' },
    ]);
    expect(JSON.stringify(choices)).not.toContain('tool_calls');
  });

  it('N-04, T-06: has null content beside calls alone, and {} for no arguments', async () => {
    const call = { type: 'tool_call', index: 0, id: 'c', name: 'f', arguments: '' } as const;
    const { choices } = await completionOf([call, finish('stop')]);
    expect(choices[0]).toMatchObject({
      message: {
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      finish_reason: 'tool_calls',
    });
  });

  it.each(['stop', 'length', 'content_filter'] as const)(
    'N-05: finishes with %s',
    async (reason) => {
      expect((await completionOf([finish(reason)])).choices[0]).toMatchObject({
        message: { content: '' },
        finish_reason: reason,
      });
    },
  );

  it('N-07: counts thinking as completion, and the total is the sum', async () => {
    const usage = { promptTokens: 10, completionTokens: 5, reasoningTokens: 7, totalTokens: 99 };
    const { usage: counted } = await completionOf([
      { type: 'usage', ...usage, exact: true },
      finish('stop'),
    ]);
    expect(counted).toEqual({
      prompt_tokens: 10,
      completion_tokens: 12,
      total_tokens: 22,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 7 },
    });
  });

  it('shows inline images as markdown, apart from the text before them', async () => {
    const { choices } = await completionOf([
      { type: 'text', text: 'Here:' },
      { type: 'media', mimeType: 'image/png', data: 'AAAA' },
      finish('stop'),
    ]);
    expect(choices[0].message.content).toBe('Here:\n\n![image](data:image/png;base64,AAAA)');
    expect(choices[0].message.images).toEqual([
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
    ]);
  });

  it('S-14: has the thinking as reasoning_content, on demand as reasoning, too', async () => {
    const events: JobEvent[] = [{ type: 'reasoning', text: 'hm' }, finish('stop')];
    const plain = (await completionOf(events)).choices[0].message;
    expect([plain.reasoning_content, plain.reasoning]).toEqual(['hm', undefined]);
    const mirrored = (await completionOf(events, true)).choices[0].message;
    expect([mirrored.reasoning_content, mirrored.reasoning]).toEqual(['hm', 'hm']);
    const [, chunk] = await chunksOf(events, false, true);
    expect(chunk.choices[0].delta).toEqual({ reasoning_content: 'hm', reasoning: 'hm' });
  });
});

describe('a streamed answer', () => {
  it('S-06: says the role once and first', async () => {
    const chunks = await chunksOf([{ type: 'reasoning', text: 'hm' }, finish('stop')]);
    expect(chunks.map((chunk) => chunk.choices[0].delta)).toEqual([
      { role: 'assistant', content: '' },
      { reasoning_content: 'hm' },
      {},
    ]);
  });

  it('S-05: carries the same envelope in every chunk', async () => {
    for (const chunk of await chunksOf([{ type: 'text', text: 'a' }, finish('length')])) {
      expect(chunk).toMatchObject({ ...envelope, object: 'chat.completion.chunk' });
    }
  });

  it('S-10: leaves usage out where it is unknown', async () => {
    const chunks = await chunksOf([finish('stop')], true);
    expect(chunks.map((chunk) => chunk.usage)).toEqual([null, null]);
    expect(chunks.every((chunk) => chunk.choices.length === 1)).toBe(true);
  });

  it('T-02: gives all citations in one delta, since a second list would need an index', async () => {
    const chunks = await chunksOf([
      { type: 'citation', url: 'https://a.example', title: 'A' },
      { type: 'text', text: 'x' },
      { type: 'citation', url: 'https://b.example', title: 'B' },
      finish('stop'),
    ]);
    const lists = chunks.flatMap((chunk) => chunk.choices[0].delta.annotations ?? []);
    expect(lists.map((one) => one.url_citation.title)).toEqual(['A', 'B']);
    expect(chunks.filter((chunk) => chunk.choices[0].delta.annotations)).toHaveLength(1);
  });
});

describe('citations', () => {
  it('leave out addresses that would run as a program where they are shown as links', async () => {
    const hostile = [
      'javascript:alert(1)',
      'data:text/html,<script>',
      ' JAVASCRIPT:x',
      'file:///etc',
    ];
    const chunks = await chunksOf([
      ...hostile.map((url): JobEvent => ({ type: 'citation', url, title: 'A' })),
      { type: 'citation', url: 'https://b.example', title: 'B' },
      finish('stop'),
    ]);
    const lists = chunks.flatMap((chunk) => chunk.choices[0].delta.annotations ?? []);
    expect(lists.map((one) => one.url_citation.url)).toEqual(['https://b.example']);
  });
});

describe('both', () => {
  const content: fc.Arbitrary<JobEvent> = fc.oneof(
    fc.record({ type: fc.constant('text' as const), text: fc.string({ unit: 'binary' }) }),
    fc.record({ type: fc.constant('reasoning' as const), text: fc.string({ unit: 'grapheme' }) }),
    fc.record({
      type: fc.constant('media' as const),
      mimeType: fc.constantFrom('image/png', 'audio/wav'),
      data: fc.base64String(),
    }),
    fc.record({
      type: fc.constant('tool_call' as const),
      index: fc.nat(),
      id: fc.uuid(),
      name: fc.string(),
      arguments: fc.json(),
    }),
  );

  it('S-13, T-07: say the same, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(content), async (events) => {
        const answer = [...events, finish('stop')];
        const { message, finish_reason: reason } = (await completionOf(answer)).choices[0];
        const chunks = await chunksOf(answer);
        const deltas = chunks.map((chunk) => chunk.choices[0].delta);
        const joined = (field: string): string =>
          deltas.map((delta) => delta[field] ?? '').join('');
        const calls = deltas.flatMap((delta) => delta.tool_calls ?? []);

        expect(joined('content')).toBe(message.content ?? '');
        expect(joined('reasoning_content')).toBe(message.reasoning_content ?? '');
        expect(calls.map(({ index: _index, ...call }) => call)).toEqual(message.tool_calls ?? []);
        const shown = joined('content').match(/!\[image\]\(data:image\/png;base64,[^)]*\)/g) ?? [];
        const images = (message.images ?? []).map(({ image_url: { url } }) => `![image](${url})`);
        expect(shown.filter((each) => images.includes(each)).length).toBeGreaterThanOrEqual(
          images.length,
        );
        expect(deltas.some((delta) => 'images' in delta)).toBe(false);
        expect(calls.map((call) => call.index)).toEqual(calls.map((_call, index) => index));
        expect(chunks.at(-1).choices[0].finish_reason).toBe(reason);
      }),
    );
  });
});
