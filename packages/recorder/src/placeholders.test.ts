import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { createPlaceholders, isPlaceholder } from './placeholders.ts';

const key = Buffer.alloc(32, 7);
const { text, name, number } = createPlaceholders(key);

describe('a placeholder', () => {
  it('has the length, the white space and the punctuation of its text', () => {
    expect(text('Hello, World!\n 42 + x')).toMatch(
      /^[JQXZ][jqxz]{4}, [JQXZ][jqxz]{4}!\n [479]{2} \+ [jqxz]$/,
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const made = text(value);
        expect(made).toHaveLength(value.length);
        expect(Buffer.byteLength(made)).toBe(Buffer.byteLength(value));
        expect(made.replaceAll(/[^\s.,;:!?(){}[\]"'\\/-]/gu, '')).toBe(
          value.replaceAll(/[^\s.,;:!?(){}[\]"'\\/-]/gu, ''),
        );
      }),
    );
  });

  it('is known as one, and no ordinary text is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (value) => isPlaceholder(text(value))));
    for (const value of ['Run', 'a@example.org', '192.0.2.1', 'Grüße']) {
      expect(isPlaceholder(value)).toBe(false);
    }
  });

  it('is the same for the same text under one key only', () => {
    expect(text('a chat of mine')).toBe(createPlaceholders(key).text('a chat of mine'));
    expect(text('a chat of mine')).not.toBe(createPlaceholders().text('a chat of mine'));
    expect(text('a chat of mine').slice(0, 13)).not.toBe(text('a chat of min'));
  });

  it('keeps the parts of a name together with the same part elsewhere', () => {
    expect(name('interactions/abcdefgh').split('/')[1]).toBe(text('abcdefgh'));
    expect(name('https://example.org/x?y=z')).toMatch(/^\w+:\/\/\w+\.\w+\/\w\?\w=\w$/);
  });

  it('of JSON in a string is JSON of the same length and structure', () => {
    const secret = String.raw`{"city": "M\u00fcnchen \"x\"", "n": [10.5, true, null], "Ümlaut": "\n"}`;
    const made = text(secret);
    expect(made).toHaveLength(secret.length);
    const parsed = JSON.parse(made) as Record<string, unknown>;
    expect(Object.keys(parsed)).toHaveLength(3);
    expect(Object.values(parsed)[1]).toEqual([expect.any(Number), true, null]);
    expect(
      isPlaceholder(
        Object.values(parsed)
          .filter((value) => typeof value === 'string')
          .join(''),
      ),
    ).toBe(true);
  });

  it('of a number has its digits and its sign', () => {
    expect(String(number(-120.5))).toMatch(/^-[479]{3}\.[479]$/);
    expect(String(number(1_790_000_000))).toMatch(/^[479]{10}$/);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
        Number.isFinite(number(value)),
      ),
    );
  });
});
