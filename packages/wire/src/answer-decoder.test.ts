import { type JobEvent } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { vector, vectors } from './__fixtures__/vectors.ts';
import { type AnswerDecoder, createAnswerDecoder } from './answer-decoder.ts';

function decode(
  body: Uint8Array | string,
  decoder = createAnswerDecoder({ status: 200 }),
): JobEvent[] {
  return [...decoder.push(Buffer.from(body)), ...decoder.end()];
}

function outcomeOf(
  body: string,
  status = 200,
): Pick<AnswerDecoder, 'outcome'> & { types: string[] } {
  const decoder = createAnswerDecoder({ status });
  const types = decode(body, decoder).map((event) => event.type);
  return { outcome: decoder.outcome, types };
}

const text = (value: string): string => `[[[[[[null,${JSON.stringify(value)}]],"model"]]]]`;

describe('createAnswerDecoder', () => {
  it.each(vectors)('ends $name once, with nothing after', ({ name, body }) => {
    const decoder = createAnswerDecoder({ status: 200 });
    const events = decode(body, decoder);
    const ends = events.filter(({ type }) => type === 'finish' || type === 'error');
    expect(ends).toEqual(events.slice(-1));
    expect([...decoder.push(body), ...decoder.end()]).toEqual([]);
    expect(decoder.outcome).toBe(name === 'e13' ? 'truncated' : 'complete');
    expect(decoder.unknownFrames).toBe(0);
  });

  it('gives the end as soon as the array is closed', () => {
    const decoder = createAnswerDecoder({ status: 200 });
    const { body } = vector('e1');
    expect(decoder.push(body.subarray(0, -1)).map(({ type }) => type)).toEqual([
      'text',
      'text',
      'text',
    ]);
    expect(decoder.push(body.subarray(-1)).map(({ type }) => type)).toEqual(['usage', 'finish']);
  });

  it('counts usage as OpenAI does', () => {
    expect(decode(vector('e2').body).at(-2)).toEqual({
      type: 'usage',
      promptTokens: 18,
      completionTokens: 10,
      reasoningTokens: 64,
      totalTokens: 92,
      exact: true,
    });
    expect(decode(vector('e9').body).at(-2)).toMatchObject({ promptTokens: 335, totalTokens: 349 });
  });

  it('gives every intended call once, with index, id and signature', () => {
    const calls = decode(vector('e4').body).filter((event) => event.type === 'tool_call');
    expect(calls).toMatchObject([
      { index: 0, id: 'call_b1', arguments: '{"city":"Zürich"}' },
      { index: 1, id: 'call_b2', arguments: '{"city":"Kraków","days":3}' },
      { index: 2, id: expect.stringMatching(/^call_\w+$/), name: 'get_time', arguments: '{}' },
    ]);
    expect(decode(vector('e4').body).at(-1)).toEqual({ type: 'finish', reason: 'tool_calls' });
    const [signed] = decode(vector('e3').body).filter((event) => event.type === 'tool_call');
    expect(signed).toMatchObject({ id: 'call_a1', signature: 'U0lHTkFUVVJFLVRXTw==' });
  });

  it('keeps equal calls without id apart, unless the next frame repeats them', () => {
    const call = '[null,null,null,null,null,null,null,null,null,null,["f",[]]]';
    const frame = `[[[[[${call},${call}],"model"]]]]`;
    const count = (body: string): number =>
      decode(body).filter((event) => event.type === 'tool_call').length;
    expect(count(`[[${frame},${frame}]]`)).toBe(2);
    expect(count(`[[${frame},${text('x')},${frame}]]`)).toBe(4);
  });

  it('writes code and its result as fenced blocks of their own lines', () => {
    const answer = decode(vector('e11').body)
      .flatMap((event) => (event.type === 'text' ? event.text : []))
      .join('');
    expect(answer).toBe(
      '```python\nprint(sum(range(1, 11)))\n```\n\n```output\n55\n```\n\nThe sum is 55.',
    );
    const code = '[null,null,null,null,null,null,null,[1,"a = \'```\'"]]';
    const [, block] = decode(`[[${text('x')},[[[[[${code}],"model"]]]]]]`);
    expect(block).toEqual({ type: 'text', text: "\n\n````python\na = '```'\n````\n\n" });
  });

  it('names every source once', () => {
    const sources = decode(vector('e9').body).filter((event) => event.type === 'citation');
    expect(sources).toEqual([
      { type: 'citation', url: 'https://example.org/bridge', title: 'Bridge facts' },
      { type: 'citation', url: 'https://example.net/lanes', title: 'example.net' },
    ]);
  });

  it.each([
    ['e6', 'length'],
    ['e7a', 'content_filter'],
    ['e7b', 'content_filter'],
  ])('finishes %s with %s', (name, reason) => {
    expect(decode(vector(name).body).at(-1)).toEqual({ type: 'finish', reason });
  });

  it('makes an error of a call that the model could not write', () => {
    expect(decode('[[[[[null,10]]]]]').at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'upstream_error' },
    });
  });

  it('makes an error of a body that breaks off, however little there is', () => {
    expect(decode(vector('e13').body).at(-1)).toMatchObject({
      error: { status: 502, code: 'upstream_interrupted' },
    });
    expect(outcomeOf('')).toEqual({ outcome: 'truncated', types: ['error'] });
    expect(outcomeOf(`[[${text('a')}]]`)).toEqual({
      outcome: 'truncated',
      types: ['text', 'error'],
    });
  });

  it.each(['[,[8,"exhausted"]]', '[[null,[8,"exhausted"]]]', '[8,"exhausted"]'])(
    'finds the error in %s though the status is 200',
    (body) => {
      expect(decode(body)).toMatchObject([{ type: 'error', error: { status: 429 } }]);
    },
  );

  it.each([
    [8, 'Resource has been exhausted (e.g. check quota).', 429, 'rate_limit_exceeded'],
    [13, 'Internal error encountered.', 502, 'upstream_error'],
    [14, 'The model is overloaded.', 502, 'upstream_error'],
    [7, 'The caller does not have permission', 502, 'upstream_error'],
    [16, 'Request had invalid authentication credentials.', 503, 'not_signed_in'],
    [3, 'Request contains an invalid argument.', 400, 'invalid_value'],
    [4, 'Deadline exceeded.', 504, 'timeout'],
    [5, 'models/x is not found', 404, 'model_not_found'],
  ])(
    'bundle §4 row 1: a stream that ends in status %i is that failure',
    (code, words, status, name) => {
      const body = `[[${text('a')}],[${code},${JSON.stringify(words)}]]`;
      const expected = [
        { type: 'text', text: 'a' },
        { type: 'error', error: { status, code: name } },
      ];
      for (let cut = 0; cut <= body.length; cut += 1) {
        for (const stopsAtGap of [true, false]) {
          const decoder = createAnswerDecoder({ status: 200 }, { stopsAtGap });
          const events = [
            ...decoder.push(Buffer.from(body.slice(0, cut))),
            ...decoder.push(Buffer.from(body.slice(cut))),
          ];
          expect(events).toMatchObject(expected);
          expect(decoder.end()).toEqual([]);
          expect(decoder.outcome).toBe('complete');
        }
      }
    },
  );

  it('bundle C2: a status outweighs an end that came before it, and a message may be missing', () => {
    const stop = '[[[null,1]]]';
    expect(decode(`[[${text('a')},${stop}],[14]]`).at(-1)).toMatchObject({
      error: { code: 'upstream_error', message: expect.stringContaining('status 14') },
    });
    for (const fine of ['', ',null', ',[]', ',[0]', ',[0,"OK"]', ',']) {
      expect(decode(`[[${text('a')},${stop}]${fine}]`).at(-1)).toEqual({
        type: 'finish',
        reason: 'stop',
      });
    }
  });

  it('bundle C2: an error body is a stream without messages, whatever the HTTP status', () => {
    for (const body of [
      '[,[7,"no"]]',
      '[null,[7,"no"]]',
      '[[],[7,"no"]]',
      `[[${text('a')}],[7,"no"]]`,
    ]) {
      for (const status of [200, 403]) {
        const events = decode(body, createAnswerDecoder({ status }));
        expect(events.at(-1)).toMatchObject({
          type: 'error',
          error: { message: expect.stringContaining('AI Studio answered: no.') },
        });
        expect(events.length).toBeLessThanOrEqual(status === 403 ? 1 : 2);
      }
    }
  });

  it('bundle C2: knows a status even when the connection breaks before the bracket', () => {
    expect(decode(`[[${text('a')}],[8,"exhausted"]`).at(-1)).toMatchObject({
      error: { code: 'rate_limit_exceeded' },
    });
  });

  it('bundle C2: an answer with more behind its end counts as unreadable, its events stay', () => {
    const body = `[[${text('a')},[[[null,1]]]]]`;
    for (const pieces of [[`${body}x`], [body, 'x'], [`${body} `, '', '[]']]) {
      const decoder = createAnswerDecoder({ status: 200 }, { stopsAtGap: true });
      const events = pieces.flatMap((piece) => decoder.push(Buffer.from(piece)));
      expect([...events, ...decoder.end()].map(({ type }) => type)).toEqual(['text', 'finish']);
      expect(decoder.outcome).toBe('undecodable');
    }
  });

  it.each([true, false])(
    'gives the same events however the bytes come (strict: %s)',
    (stopsAtGap) => {
      const stop = '[[[null,1]]]';
      const bodies = [
        ...vectors.map(({ body }) => body.toString('latin1')),
        `[[${text('a')},[nope],${text('b')},${stop}]]`,
        `[[[nope],${text('a')},${stop}]]`,
        `[[${text('a')},["new"],${text('b')},${stop}],[8,"x"]]`,
        `[[["new"]],[8,"x"]]`,
        `[[${text('a')}]] x`,
        `[[${text('a')},${text('x'.repeat(700))},${stop}]]`,
      ].map((body) => Buffer.from(body, 'latin1'));
      const run = (pieces: readonly Uint8Array[]): unknown => {
        const options = { stopsAtGap, maxElementBytes: 600 };
        const decoder = createAnswerDecoder({ status: 200 }, options);
        const events = [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.end()];
        const ids = events.map((event) => ('id' in event ? { ...event, id: '' } : event));
        return [ids, decoder.outcome];
      };
      for (const body of bodies) {
        const whole = run([body]);
        expect(run([...body].map((byte) => Buffer.of(byte)))).toEqual(whole);
        for (let cut = 1; cut < body.length; cut += 7) {
          expect(run([body.subarray(0, cut), body.subarray(cut)])).toEqual(whole);
        }
      }
    },
  );

  it('bundle §4 row 2: finish code 18 is an answer held back, an unknown one never a clean stop', () => {
    expect(decode(`[[${text('a')},[[[null,18]]]]]`).at(-1)).toEqual({
      type: 'finish',
      reason: 'content_filter',
    });
    expect(decode(`[[${text('a')},[[[null,99]]]]]`).at(-1)).toEqual({
      type: 'finish',
      reason: 'content_filter',
    });
    expect(decode('[[[[[null,99]]]]]').at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'upstream_error', message: expect.stringContaining('99') },
    });
  });

  it.each([16, 17, 25, 26])(
    'bundle §4 row 3: a part that holds only [%i] is known and empty',
    (position) => {
      const part = JSON.stringify([...Array<null>(position).fill(null), ['x']]);
      const body = `[[[[[[[${part},[null,"a"]],"model"]]]],[[[null,1]]]]]`;
      const decoder = createAnswerDecoder({ status: 200 }, { stopsAtGap: true });
      expect(decode(body, decoder)).toEqual([
        { type: 'text', text: 'a' },
        { type: 'finish', reason: 'stop' },
      ]);
    },
  );

  it('bundle §2.1: reads a transcript, a server-side response and a lone signature', () => {
    const at = (position: number, value: unknown): unknown[] => [
      ...Array<null>(position).fill(null),
      value,
    ];
    const parts = JSON.stringify([at(11, ['f', []]), at(14, 'U0lH'), at(22, ['said aloud'])]);
    const decoder = createAnswerDecoder({ status: 200 }, { stopsAtGap: true });
    expect(decode(`[[[[[[${parts},"model"],1]]]]]`, decoder)).toEqual([
      { type: 'text', text: 'said aloud' },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('bundle §4 row 4: keeps the finish message and the words of a refusal', () => {
    expect(decode('[[[[[null,10,0,"Malformed call: f("]]]]]').at(-1)).toMatchObject({
      error: { message: expect.stringContaining('Malformed call: f(') },
    });
    expect(decode(`[[${text('a')},[[[null,3,0,"Held back for safety."]]]]]`).at(-1)).toEqual({
      type: 'finish',
      reason: 'content_filter',
      message: 'Held back for safety.',
    });
    expect(decode('[[[null,[4,null,"The prompt is not allowed."]]]]').at(-1)).toEqual({
      type: 'finish',
      reason: 'content_filter',
      message: 'The prompt is not allowed.',
    });
  });

  it('bundle C10: does not take a licence for a title', () => {
    const entry = (label: string): string => `[0,4,"https://a.example/${label}","${label}"]`;
    const body = `[[[[[[[[null,"code"]],"model"],1,null,null,null,null,[[${entry('mit')},${entry('Bridges')}]]]]]]]`;
    expect(decode(body).filter(({ type }) => type === 'citation')).toMatchObject([
      { title: '' },
      { title: 'Bridges' },
    ]);
  });

  it('takes a web page for an error', () => {
    expect(outcomeOf('<!DOCTYPE html><title>Sign in</title>')).toEqual({
      outcome: 'complete',
      types: ['error'],
    });
  });

  it.each(['{"a":1}', '[[["new"],["shapes"]]]'])('gives up on %s without an event', (body) => {
    expect(outcomeOf(body)).toEqual({ outcome: 'undecodable', types: [] });
  });

  it('gives up on a frame that is too large, keeping what came before', () => {
    const decoder = createAnswerDecoder({ status: 200 }, { maxElementBytes: 1000 });
    const body = `[[${text('a')},${text('x'.repeat(2000))},[[[null,1]]]]]`;
    expect(decode(body, decoder)).toEqual([{ type: 'text', text: 'a' }]);
    expect(decoder).toMatchObject({ outcome: 'undecodable', failure: /1000/ as unknown as string });
  });

  it('counts unknown frames beside an answer that is whole', () => {
    const decoder = createAnswerDecoder({ status: 200 });
    decode(`[[${text('a')},["new"],[[[null,1]]]]]`, decoder);
    expect(decoder).toMatchObject({ outcome: 'complete', unknownFrames: 1 });
  });

  describe('that stops at gaps', () => {
    const strict = (body: string): ReturnType<typeof outcomeOf> & { failed: boolean } => {
      const decoder = createAnswerDecoder({ status: 200 }, { stopsAtGap: true });
      const types = decoder.push(Buffer.from(body)).map(({ type }) => type);
      const failed = decoder.failure !== undefined;
      types.push(...decoder.end().map(({ type }) => type));
      return { outcome: decoder.outcome, types, failed };
    };

    it.each([
      `[[${text('a')},["new"],${text('b')},[[[null,1]]]]]`,
      `[[${text('a')},[[[[[[null],[null,"b"]],"model"]]]],[[[null,1]]]]]`,
    ])('gives up at once in %s, with nothing from behind the gap', (body) => {
      expect(strict(body)).toEqual({ outcome: 'undecodable', types: ['text'], failed: true });
    });

    it('gives nothing of an answer that begins with a gap', () => {
      expect(strict(`[[["new"],${text('a')},[[[null,1]]]]]`)).toEqual({
        outcome: 'undecodable',
        types: [],
        failed: false,
      });
    });

    it('still finds errors of any shape', () => {
      expect(strict('[,[8,"exhausted"]]')).toMatchObject({ outcome: 'complete', types: ['error'] });
    });

    it('reads a whole answer as ever', () => {
      expect(strict(`[[${text('a')},[[[null,1]]]]]`)).toEqual({
        outcome: 'complete',
        types: ['text', 'finish'],
        failed: false,
      });
    });
  });

  it('survives any damage', () => {
    const { body } = vector('e3');
    for (let at = 0; at < body.length; at += 1) {
      for (const byte of [0x00, 0x22, 0x5b, 0x5d, 0x2c, 0xff]) {
        const damaged = Buffer.from(body);
        damaged[at] = byte;
        expect(() => decode(damaged)).not.toThrow();
      }
    }
    expect(() => decode(`[[${'['.repeat(200_000)}`)).not.toThrow();
    expect(() => decode(`[[${'['.repeat(200_000)}${']'.repeat(200_000)}]]`)).not.toThrow();
  });

  it('reads an error body by its status', () => {
    const decoder = createAnswerDecoder({ status: 429, retryAfter: '5' });
    expect(decode('', decoder)).toMatchObject([
      { type: 'error', error: { status: 429, retryAfterSeconds: 5 } },
    ]);
    expect(decoder.outcome).toBe('complete');
  });

  it('takes time in proportion to the deltas', () => {
    const cpuMs = (deltas: number): number => {
      const frames = Array.from({ length: deltas }, (_, index) =>
        Buffer.from(`,${text(`piece ${index} of an answer`)}`),
      );
      const decoder = createAnswerDecoder({ status: 200 });
      decoder.push(Buffer.from(`[[${text('start')}`));
      const start = process.cpuUsage();
      for (const frame of frames) decoder.push(frame);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    };
    cpuMs(2000); // warm
    expect(cpuMs(40_000) / cpuMs(4000)).toBeLessThan(30); // quadratic would be 100
  });
});
