import { describe, expect, it } from '@jest/globals';

import { vectors } from './__fixtures__/vectors.ts';
import { FrameScanner, parseArray } from './frames.ts';

const scan = (text: string, scanner = new FrameScanner()): unknown[] =>
  scanner.push(Buffer.from(text));

describe('FrameScanner', () => {
  it.each(vectors)('finds the same frames wherever $name is cut', ({ body }) => {
    const whole = new FrameScanner().push(body);
    for (let cut = 0; cut <= body.length; cut += 1) {
      const scanner = new FrameScanner();
      const frames = [...scanner.push(body.subarray(0, cut)), ...scanner.push(body.subarray(cut))];
      expect(frames).toEqual(whole);
    }
    const scanner = new FrameScanner();
    const byByte = [...body].flatMap((byte) => scanner.push(Buffer.of(byte)));
    expect(byByte).toEqual(whole);
  });

  it('gives a frame with its last byte, not later', () => {
    const scanner = new FrameScanner();
    expect(scan('[[[1,[2]', scanner)).toEqual([]);
    expect(scan(']', scanner)).toEqual([[1, [2]]]);
    expect(scan(',[3]', scanner)).toEqual([[3]]);
    expect(scanner.closed).toBe(false);
    scan(']]', scanner);
    expect(scanner.closed).toBe(true);
  });

  it('fills gaps outside strings only', () => {
    expect(scan('[[[,"a,,]",,[,1],[]],[,]]]')).toEqual([
      [null, 'a,,]', null, [null, 1], []],
      [null, null],
    ]);
  });

  it('takes brackets and escaped quotes in strings for text', () => {
    expect(scan(String.raw`[[["]],\"model\"] \\"],["[[[null,"]]]`)).toEqual([
      [']],"model"] \\'],
      ['[[[null,'],
    ]);
  });

  it('ignores whitespace, a prefix and root elements behind the status', () => {
    const scanner = new FrameScanner();
    expect(scan(`)]}'\n [ [ [1] , [2] ] , [[3]], "x" ]\n `, scanner)).toEqual([[1], [2]]);
    expect(scanner).toMatchObject({ closed: true, status: [[3]], failure: undefined });
  });

  it.each(['[[[1]]] [', '[[[1]]][]', '[[[1]],[8,"x"]]x'])(
    'bundle C2: takes what is behind the end in %s for a failure',
    (body) => {
      for (let cut = 0; cut <= body.length; cut += 1) {
        const scanner = new FrameScanner();
        expect([...scan(body.slice(0, cut), scanner), ...scan(body.slice(cut), scanner)]).toEqual([
          [1],
        ]);
        expect(scanner.failure).toMatch(/behind its end/);
      }
    },
  );

  it.each<[string, unknown[], unknown]>([
    ['[[[1],[2]],[8,"done"]]', [[1], [2]], [8, 'done']],
    ['[,[7,"no"]]', [], [7, 'no']],
    ['[null,[7,"no",]]', [], [7, 'no', null]],
    ['[[],[,"x"]]', [], [null, 'x']],
    ['[[[1]]]', [[1]], undefined],
    ['[[[1]],null]', [[1]], null],
    ['[[[1]],]', [[1]], undefined],
  ])('bundle C2: reads messages and status of %s wherever it is cut', (body, messages, status) => {
    for (let cut = 0; cut <= body.length; cut += 1) {
      const scanner = new FrameScanner();
      const found = [...scan(body.slice(0, cut), scanner), ...scan(body.slice(cut), scanner)];
      expect([found, scanner.status, scanner.failure]).toEqual([messages, status, undefined]);
    }
  });

  it('gives frames that are no arrays too', () => {
    expect(scan('[["a",null,7,{"b":[1,]}]]')).toEqual(['a', null, 7, { b: [1, null] }]);
  });

  it('counts and skips an element that is not JSON', () => {
    const scanner = new FrameScanner();
    expect(scan('[[[1],[nope],[2]]]', scanner)).toEqual([[1], [2]]);
    expect(scanner.malformed).toBe(1);
  });

  it.each(['<!DOCTYPE html>', '{"a":1}', '"text"'])('says that %s is no array', (text) => {
    const scanner = new FrameScanner();
    expect(scan(text, scanner)).toEqual([]);
    expect(scanner.failure).toMatch(/not an array/);
  });

  it('stops at a frame that is too large, having given those before', () => {
    const scanner = new FrameScanner({ maxElementBytes: 100 });
    expect(scan(`[[[1],["${'x'.repeat(60)}`, scanner)).toEqual([[1]]);
    expect(scan('x'.repeat(60), scanner)).toEqual([]);
    expect(scanner.failure).toMatch(/larger than 100 bytes/);
    expect(scan('"]]]', scanner)).toEqual([]);
  });

  it('is linear: a frame of megabytes in single bytes costs no more than its bytes', () => {
    const scanner = new FrameScanner();
    const image = 'A'.repeat(2_000_000);
    const body = Buffer.from(`[[[null,"${image}"]]]`);
    const frames: unknown[] = [];
    const start = process.cpuUsage();
    for (let at = 0; at < body.length; at += 1)
      frames.push(...scanner.push(body.subarray(at, at + 1)));
    const { user, system } = process.cpuUsage(start);
    expect(frames).toEqual([[null, image]]);
    expect((user + system) / 1000).toBeLessThan(4000);
  });
});

describe('parseArray', () => {
  it('parses a whole array with gaps', () => {
    expect(parseArray(Buffer.from('[,[8,"too, many"],]'))).toEqual([null, [8, 'too, many'], null]);
  });

  it('gives nothing for less than a whole array', () => {
    expect(parseArray(Buffer.from('[1,'))).toBeUndefined();
    expect(parseArray(Buffer.from('<html>'))).toBeUndefined();
  });
});
