import { describe, expect, it } from '@jest/globals';

import { vectors } from './__fixtures__/vectors.ts';
import { type AnswerEvent } from './answer-event.ts';
import { FrameScanner } from './frames.ts';
import { FrameReader } from './generate-content.ts';

/** An event in the words of the worked answers: `e` for the type, an image by its size. */
function asInVector({ type, ...rest }: AnswerEvent): unknown {
  if (!('data' in rest)) return { e: type, ...rest };
  return { e: type, mime: rest.mime, bytes: Buffer.from(rest.data, 'base64').length };
}

function decode(body: Uint8Array): unknown[] {
  const scanner = new FrameScanner();
  const reader = new FrameReader();
  const events = scanner.push(body).flatMap((frame) => reader.read(frame));
  return [...events, ...reader.end(scanner.closed)].map(asInVector);
}

const readFrame = (frame: unknown): { events: AnswerEvent[]; unknown: number } => {
  const reader = new FrameReader();
  return { events: reader.read(frame), unknown: reader.unknown };
};
const frameOf = (...part: unknown[]): unknown => [[[[[part], 'model']]]];

describe('FrameReader', () => {
  it.each(vectors)('says of $name what it means', ({ body, events }) => {
    expect(decode(body)).toEqual(events);
  });

  it.each(vectors)('says of any beginning of $name a beginning of that', ({ body, events }) => {
    for (let cut = 0; cut < body.length; cut += 1) {
      const said = decode(body.subarray(0, cut));
      expect(said.pop()).toEqual({ e: 'error', kind: 'truncated' });
      expect(events.slice(0, said.length)).toEqual(said);
    }
  });

  it('tells a part’s kind by position, whatever its length', () => {
    expect(readFrame(frameOf(null, 'a', ...Array<null>(20).fill(null))).events).toEqual([
      { type: 'text', text: 'a' },
    ]);
    expect(readFrame(frameOf(null, 'b', ...Array<null>(10).fill(null), true)).events).toEqual([
      { type: 'thought', text: 'b' },
    ]);
  });

  it('keeps text that looks like an id, an address or base64', () => {
    for (const text of ['https://a.example', 'models/x', 'v1_abc', 'QUJD'.repeat(100)]) {
      expect(readFrame(frameOf(null, text)).events).toEqual([{ type: 'text', text }]);
    }
  });

  it('reads every form of a Value', () => {
    const call = (struct: unknown): unknown =>
      readFrame(frameOf(...Array<null>(10).fill(null), ['f', struct])).events[0];
    const unwrappedList = [
      [
        [
          'a',
          [
            null,
            null,
            null,
            null,
            null,
            [
              [null, 1],
              [null, 2],
            ],
          ],
        ],
      ],
    ];
    expect(call(unwrappedList)).toMatchObject({ args: { a: [1, 2] } });
    const trailing = [
      [
        ['a', [null, 2, null, null, null]],
        ['b', [null]],
        ['c', []],
      ],
    ];
    expect(call(trailing)).toMatchObject({ args: { a: 2, b: null, c: null } });
    const wrappedObject = [
      [['a', [null, null, null, null, null, [[[null, null, null, null, [[['n', [null, 1]]]]]]]]]],
    ];
    expect(call(wrappedObject)).toMatchObject({ args: { a: [{ n: 1 }] } });
    const bools = [
      [
        ['t', [null, null, null, true]],
        ['f', [null, null, null, false]],
      ],
    ];
    expect(call(bools)).toMatchObject({ args: { t: true, f: false } });
    expect(call([['x', [null, null, 'y']]])).toMatchObject({ args: { x: 'y' } });
    expect(call([[['__proto__', [null, 1]]]])).toHaveProperty(['args', '__proto__'], 1);
  });

  it('counts what it does not know and goes on', () => {
    for (const frame of [null, 7, 'x', [], [null, null, null], { a: 1 }]) {
      expect(readFrame(frame)).toEqual({ events: [], unknown: 1 });
    }
    expect(readFrame(frameOf(null, null, null, 'new')).unknown).toBe(1);
    expect(readFrame([[[null, 19]]]).unknown).toBe(1);
  });

  it('reads an error that comes as a frame', () => {
    const reader = new FrameReader();
    reader.read([13, 'Internal error encountered.']);
    expect(reader.end(true)).toEqual([
      { type: 'error', kind: 'rpc', code: 13, message: 'Internal error encountered.' },
    ]);
  });

  it('never takes an end without finish code for success', () => {
    const reader = new FrameReader();
    reader.read(frameOf(null, 'a'));
    expect(reader.end(true)).toEqual([{ type: 'error', kind: 'truncated' }]);
  });
});
