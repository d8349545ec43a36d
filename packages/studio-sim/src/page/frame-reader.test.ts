import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { createFrameReader, parseSparse } from './frame-reader.ts';

const folder = new URL('../wire/__fixtures__/', import.meta.url);
const whole = readdirSync(folder).filter((name) => name.endsWith('.wire') && name !== 'E13.wire');

describe('the page’s frame reader', () => {
  it.each(whole)('reads %s alike, wherever it is cut', (name) => {
    const body = readFileSync(new URL(name, folder), 'utf8');
    const expected = (parseSparse(body) as unknown[][])[0]!;
    for (let cut = 0; cut <= body.length; cut += 1) {
      const reader = createFrameReader();
      const frames = [...reader.push(body.slice(0, cut)), ...reader.push(body.slice(cut))];
      expect(frames).toEqual(expected);
      expect(reader.isComplete).toBe(true);
    }
  });

  it('keeps the whole frames of a body that was cut off', () => {
    const reader = createFrameReader();
    expect(reader.push(readFileSync(new URL('E13.wire', folder), 'utf8'))).toHaveLength(3);
    expect(reader.isComplete).toBe(false);
  });
});

describe('bundle C2: the status of a stream', () => {
  it.each([
    ['[[[["a"]],[["b"]]],[8,"exhausted",[["x"]]]]', 2, [8, 'exhausted', [['x']]]],
    ['[,[7,"The caller does not have permission"]]', 0, [7, 'The caller does not have permission']],
    ['[null,[13,"Internal"]]', 0, [13, 'Internal']],
    ['[[[["a"]]]]', 1, undefined],
  ])('of %s, wherever it is cut', (body, frames, status) => {
    for (let cut = 0; cut <= body.length; cut += 1) {
      const reader = createFrameReader();
      expect([...reader.push(body.slice(0, cut)), ...reader.push(body.slice(cut))]).toHaveLength(
        frames,
      );
      expect(reader.status).toEqual(status);
    }
  });
});

describe('parseSparse', () => {
  it('fills gaps outside strings only', () => {
    expect(parseSparse('[,[8,"a,,b[,",[]],]')).toEqual([null, [8, 'a,,b[,', []], null]);
  });
});
