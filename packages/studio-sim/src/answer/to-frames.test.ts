import { describe, expect, it } from '@jest/globals';

import { split } from './split.ts';
import { toFrames } from './to-frames.ts';

const context = { promptTokens: 7, signs: false, callId: () => 'call_1' };

describe('toFrames', () => {
  it('makes the asked number of frames for thoughts and text, and one that closes', () => {
    const frames = toFrames({ text: 'abcdef', thoughts: 'xyz', chunks: 3 }, context);
    expect(frames.map(({ parts }) => parts?.[0])).toEqual([
      { text: 'x', thought: true },
      { text: 'y', thought: true },
      { text: 'z', thought: true },
      { text: 'ab' },
      { text: 'cd' },
      { text: 'ef' },
      { text: '' },
    ]);
    expect(frames.at(-1)?.finish).toBe(1);
  });

  it('lets the counts grow up to what it is told', () => {
    const usage = { prompt: 5, completion: 10, reasoning: 3 };
    const frames = toFrames({ text: 'abcdefgh', chunks: 2, usage }, context);
    expect(frames.map((frame) => frame.usage)).toEqual([
      { prompt: 5, output: 5, thoughts: 3 },
      { prompt: 5, output: 10, thoughts: 3 },
      { prompt: 5, output: 10, thoughts: 3 },
    ]);
  });

  it('signs the first call of a thinking model, else the closing part', () => {
    const calls = [
      { name: 'a', args: {} },
      { name: 'b', args: {}, id: null },
    ];
    const signs = { ...context, signs: true };
    expect(toFrames({ toolCalls: calls }, signs).map(({ parts }) => parts?.[0])).toEqual([
      { call: { name: 'a', args: {}, id: 'call_1' }, signature: expect.any(String) },
      { call: { name: 'b', args: {} } },
      { text: '' },
    ]);
    expect(toFrames({ text: 'x' }, signs).at(-1)?.parts?.[0]).toHaveProperty('signature');
  });

  it('ends without content for any other reason than a stop', () => {
    expect(toFrames({ text: 'x', finish: 'SAFETY' }, context).at(-1)).toEqual({
      finish: 3,
      usage: { prompt: 7, output: 1 },
    });
  });

  it('refuses a prompt in a single frame', () => {
    expect(toFrames({ text: 'x', blockReason: 'PROHIBITED_CONTENT' }, context)).toEqual([
      { blockReason: 4, usage: { prompt: 7 } },
    ]);
  });
});

describe('split', () => {
  it('never cuts a surrogate pair and loses nothing', () => {
    const text = '😀a👨‍👩‍👧b漢';
    for (let pieces = 1; pieces <= 20; pieces += 1) {
      expect(split(text, pieces).join('')).toBe(text);
      for (const piece of split(text, pieces)) expect(Buffer.from(piece).toString()).toBe(piece);
    }
  });

  it('makes pieces of a usual length by default', () => {
    expect(split('x'.repeat(800))).toHaveLength(10);
    expect(split('')).toEqual([]);
  });
});
