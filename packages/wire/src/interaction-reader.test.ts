import { type JobEvent } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { createAnswerDecoder } from './answer-decoder.ts';
import { readInteractionLookup, readInteractionReply } from './interaction-reply.ts';

/** A message with these positions set. */
function message(fields: Readonly<Record<number, unknown>>): unknown[] {
  const positions: unknown[] = [];
  for (const [position, value] of Object.entries(fields)) positions[Number(position)] = value;
  return Array.from(positions, (value) => value ?? null);
}
const created = message({ 18: message({ 0: ['interactions/abc', 1] }) });
const completed = (fields: Readonly<Record<number, unknown>> = {}): unknown[] =>
  message({ 19: message({ 0: message({ 0: 'interactions/abc', 1: 3, ...fields }) }) });
const start = (index: number, step: unknown): unknown[] => message({ 9: [index || null, step] });
const delta = (index: number, fields: Readonly<Record<number, unknown>>): unknown[] =>
  message({ 10: [index || null, message(fields)] });
const stop = (index: number, usage?: unknown): unknown[] => message({ 11: [index || null, usage] });
const thought = message({ 2: [] });
const output = message({ 1: [] });

interface Decoded {
  readonly events: JobEvent[];
  readonly outcome: string;
  readonly unknown: number;
}

function decode(
  events: readonly unknown[],
  functionNames: readonly string[] = [],
  status?: unknown,
  pieceBytes = 1 << 20,
): Decoded {
  const body = Buffer.from(JSON.stringify(status === undefined ? [events] : [events, status]));
  const decoder = createAnswerDecoder(
    { status: 200 },
    { rpc: 'CreateInteractionStream', functionNames, stopsAtGap: true },
  );
  const said: JobEvent[] = [];
  for (let at = 0; at < body.length; at += pieceBytes) {
    said.push(...decoder.push(body.subarray(at, at + pieceBytes)));
  }
  said.push(...decoder.end());
  return { events: said, outcome: decoder.outcome, unknown: decoder.unknownFrames };
}

const ANSWER = [
  created,
  message({ 2: ['interactions/abc', 1] }),
  start(0, thought),
  delta(0, { 5: [[['**Thinking**']]] }),
  delta(0, { 6: ['U0lHTg=='] }),
  stop(0),
  start(1, output),
  delta(1, { 0: ['Hel'] }),
  delta(1, { 0: ['lo "[[,]]"'] }),
  delta(1, { 9: [[[null, null, 'https://a.example', 'Site']]] }),
  stop(1, message({ 4: 7 })),
  completed(),
];

describe('InteractionReader', () => {
  it('bundle C1: decodes CreateInteractionStream to the events of any answer', () => {
    for (const pieceBytes of [1 << 20, 1, 7]) {
      expect(decode(ANSWER, [], undefined, pieceBytes)).toEqual({
        events: [
          { type: 'reasoning', text: '**Thinking**' },
          { type: 'text', text: 'Hel' },
          { type: 'text', text: 'lo "[[,]]"' },
          { type: 'citation', url: 'https://a.example', title: 'Site' },
          {
            type: 'usage',
            promptTokens: 0,
            completionTokens: 7,
            reasoningTokens: 0,
            totalTokens: 7,
            exact: false,
          },
          { type: 'finish', reason: 'stop' },
        ],
        outcome: 'complete',
        unknown: 0,
      });
    }
  });

  it('bundle §2.3: reads a status behind the events, and an error among them', () => {
    const cut = ANSWER.slice(0, 8);
    expect(decode(cut, [], [8, 'Resource has been exhausted']).events.at(-1)).toMatchObject({
      type: 'error',
      error: { status: 429, code: 'rate_limit_exceeded' },
    });
    expect(
      decode([...cut, message({ 7: [null, [14, 'Overloaded.']] })]).events.at(-1),
    ).toMatchObject({
      type: 'error',
      error: { code: 'upstream_error', message: expect.stringMatching(/Overload/) },
    });
    expect(decode([message({ 7: ['odd'] })]).events).toMatchObject([
      { error: { message: expect.stringContaining('odd') } },
    ]);
  });

  it.each([
    ['failed, with its error', completed({ 1: 4, 27: [[3, 'Bad request.']] }), 'invalid_value'],
    ['failed', completed({ 1: 4 }), 'upstream_error'],
    ['failed, in a status of its own', message({ 2: ['interactions/abc', 4] }), 'upstream_error'],
    ['cancelled', message({ 2: ['interactions/abc', 5] }), 'upstream_error'],
  ])('bundle §2.3: an interaction that %s is a failure', (_, end, code) => {
    expect(decode([created, end]).events).toMatchObject([{ type: 'error', error: { code } }]);
  });

  it('bundle §2.3: takes no status for completed, and one in progress for cut off', () => {
    const text = [start(0, output), delta(0, { 0: ['hi'] })];
    const reasonOf = (events: unknown[]): unknown => decode(events).events.at(-1);
    expect(reasonOf([...text, message({ 1: [] })])).toEqual({ type: 'finish', reason: 'stop' });
    expect(reasonOf(text)).toEqual({ type: 'finish', reason: 'stop' });
    expect(reasonOf([created, ...text])).toMatchObject({ error: { code: 'upstream_interrupted' } });
    expect(reasonOf([])).toMatchObject({ error: { code: 'upstream_interrupted' } });
    expect(reasonOf([...text, completed({ 1: 9 })])).toEqual({
      type: 'finish',
      reason: 'content_filter',
    });
  });

  describe('a call', () => {
    const call = (payload: unknown, ...pieces: string[]): unknown[] => [
      created,
      start(0, message({ 3: payload })),
      ...pieces.map((piece) => delta(0, { 10: [piece] })),
      stop(0),
      completed(),
    ];
    const expected = {
      type: 'tool_call',
      index: 0,
      name: 'get_weather',
      arguments: '{"city":"Zürich","days":3}',
    };

    it.each<[string, unknown]>([
      ['first', ['get_weather', null, 'c1']],
      ['second', ['c1', 'get_weather']],
      ['further in', ['c1', [['get_weather']]]],
      ['further in, with its id', [[null, ['get_weather', [], 'c1']]]],
    ])('bundle §2.3: comes with its arguments in pieces, its name %s', (_, payload) => {
      const { events } = decode(call(payload, '{"city":"Zür', 'ich","da', 'ys":3}'), [
        'get_weather',
      ]);
      expect(events).toEqual([
        { ...expected, id: 'c1' },
        { type: 'finish', reason: 'tool_calls' },
      ]);
    });

    it('may have its arguments from the start, as a Struct or as text, and a signature', () => {
      const struct = [
        [
          ['city', [null, null, 'Zürich']],
          ['days', [null, 3]],
        ],
      ];
      for (const payload of [
        ['get_weather', struct, 'c1'],
        ['c1', 'get_weather', expected.arguments],
      ]) {
        expect(decode(call(payload), ['get_weather']).events[0]).toEqual({ ...expected, id: 'c1' });
      }
      const signed = call(['get_weather', null, 'c1']);
      signed.splice(2, 0, delta(0, { 6: ['U0lH'] }));
      expect(decode(signed, ['get_weather']).events[0]).toMatchObject({
        arguments: '{}',
        signature: 'U0lH',
      });
    });

    it('is whole at the end of the interaction, though its step was not stopped', () => {
      const open = call(['get_weather', null, 'c1'], '{}').toSpliced(3, 1);
      expect(decode(open, ['get_weather']).events).toMatchObject([
        { type: 'tool_call', id: 'c1', arguments: '{}' },
        { type: 'finish', reason: 'tool_calls' },
      ]);
      const unnamed = call([7], '{"q":"x"}').toSpliced(3, 1);
      expect(decode(unnamed, ['get_weather']).outcome).toBe('undecodable');
    });

    it('of a built-in tool is none of the client’s', () => {
      const { events, unknown } = decode(call(['google_search', null, 's1'], '{"q":"x"}'), []);
      expect([events, unknown]).toEqual([[{ type: 'finish', reason: 'stop' }], 0]);
    });

    it('whose name cannot be found leaves the answer to the page, one that is cut is an error', () => {
      expect(decode(call([7], '{"q":"x"}'), ['get_weather']).outcome).toBe('undecodable');
      expect(decode(call(['get_weather'], '{"q":'), ['get_weather']).events).toMatchObject([
        { type: 'error', error: { code: 'upstream_error' } },
      ]);
    });
  });

  it('reads images, and leaves one without its bytes to the page', () => {
    const image = (fields: unknown): Decoded =>
      decode([created, start(0, output), delta(0, { 1: fields }), completed()]);
    for (const fields of [
      ['iVBORw0KGgo=', null, 'image/png'],
      [null, 'image/png', ['iVBORw0KGgo=']],
    ]) {
      expect(image(fields).events[0]).toEqual({
        type: 'media',
        mimeType: 'image/png',
        data: 'iVBORw0KGgo=',
      });
    }
    expect(image([null, 'files/abc', 'image/png']).outcome).toBe('undecodable');
  });

  it('bundle §2.2: counts the answer by [4], and the rest only where the numbers add up', () => {
    const usageOf = (usage: unknown): unknown =>
      decode([
        created,
        start(0, output),
        delta(0, { 0: ['hi'] }),
        completed({ 12: usage }),
      ]).events.find(({ type }) => type === 'usage');
    const counts = (prompt: number, thoughts: number, total: number, exact: boolean): object => ({
      type: 'usage',
      promptTokens: prompt,
      completionTokens: 7,
      reasoningTokens: thoughts,
      totalTokens: total,
      exact,
    });
    expect(usageOf(message({ 4: 7 }))).toEqual(counts(0, 0, 7, false));
    expect(usageOf(message({ 0: 5, 4: 7, 10: 13 }))).toEqual(counts(0, 0, 7, false));
    expect(usageOf(message({ 0: 5, 4: 7, 8: 2, 10: 14 }))).toEqual(counts(5, 2, 14, true));
    expect(usageOf(message({ 0: 5, 2: 12, 4: 7 }))).toEqual(counts(5, 0, 12, true));
    expect(usageOf(message({ 0: 5 }))).toBeUndefined();
  });

  it('reads text that a step has from its start, and older events of contents', () => {
    const { events } = decode([
      start(0, message({ 1: [[[['from the start ']]]] })),
      message({ 3: [1, []] }),
      message({ 4: [1, [['older']]] }),
      message({ 5: [1] }),
      message({ 1: [] }),
    ]);
    expect(events).toEqual([
      { type: 'text', text: 'from the start ' },
      { type: 'text', text: 'older' },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('finds a text wherever it stands in its delta', () => {
    for (const text of ['hi', ['hi'], [['hi']], [null, 'hi']]) {
      const { events } = decode([created, start(0, output), delta(0, { 0: text }), completed()]);
      expect(events[0]).toEqual({ type: 'text', text: 'hi' });
    }
  });

  it('leaves what it does not know to the page', () => {
    for (const odd of [
      message({ 6: ['new'] }),
      delta(0, { 20: ['new'] }),
      start(0, message({ 1: ['where is this'] })),
    ]) {
      expect(decode([created, odd, completed()]).unknown).toBe(1);
    }
    for (const harmless of [
      [],
      null,
      delta(0, {}),
      delta(0, { 12: ['r'] }),
      start(0, message({ 4: ['r'] })),
    ]) {
      expect(decode([created, harmless, completed()]).unknown).toBe(harmless === null ? 1 : 0);
    }
  });

  it('survives any damage', () => {
    const body = Buffer.from(JSON.stringify([ANSWER]));
    for (let at = 0; at < body.length; at += 1) {
      for (const byte of [0x22, 0x5b, 0x5d, 0x2c, 0xff]) {
        const damaged = Buffer.from(body);
        damaged[at] = byte;
        const decoder = createAnswerDecoder({ status: 200 }, { rpc: 'GetInteractionStream' });
        expect(() => [...decoder.push(damaged), ...decoder.end()]).not.toThrow();
      }
    }
  });

  it('takes time in proportion to the deltas', () => {
    const cpuMs = (count: number): number => {
      const deltas = Array.from({ length: count }, (_, index) =>
        delta(1, { 0: [`piece ${index} of an answer`] }),
      );
      const events = [created, start(1, output), ...deltas, completed()];
      const body = Buffer.from(JSON.stringify([events]));
      const decoder = createAnswerDecoder({ status: 200 }, { rpc: 'CreateInteractionStream' });
      const begun = process.cpuUsage();
      for (let at = 0; at < body.length; at += 300) decoder.push(body.subarray(at, at + 300));
      const { user, system } = process.cpuUsage(begun);
      return (user + system) / 1000;
    };
    cpuMs(2000); // warm
    expect(cpuMs(40_000) / cpuMs(4000)).toBeLessThan(30); // quadratic would be 100
  });
});

describe('readInteractionReply', () => {
  const reply = (body: unknown, status = 200): unknown =>
    readInteractionReply({ status }, Buffer.from(JSON.stringify(body)));

  it('bundle C1: says where the answer of a background interaction is to be had', () => {
    for (const body of [['interactions/abc', 1], [['abc', 1]]]) {
      expect(reply(body)).toEqual({ type: 'created', id: 'abc' });
    }
    expect(readInteractionLookup(Buffer.from('["interactions/abc",1]'))).toBe('abc');
    expect(reply([[[]]])).toBeUndefined();
  });

  it('says why there will be none', () => {
    expect(reply([null, [8, 'exhausted']], 429)).toMatchObject({
      error: { error: { code: 'rate_limit_exceeded' } },
    });
    expect(reply([null, [7, 'no']])).toMatchObject({
      error: { error: { code: 'upstream_error' } },
    });
    expect(reply(message({ 0: 'abc', 1: 4, 27: [[3, 'Bad.']] }))).toMatchObject({
      error: { error: { code: 'invalid_value' } },
    });
  });
});
