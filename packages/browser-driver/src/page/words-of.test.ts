import { expect, it } from '@jest/globals';

import { wordsOf } from './words-of.ts';

it('finds words that stand side by side, in any language', () => {
  expect(wordsOf('# 1. **Was** ist das für ein Tier?')).toBe('ist das für ein Tier');
  expect(wordsOf('a, b, c')).toBe('');
});

it.each([
  ['one endless word', 'a'.repeat(10_000_000)],
  ['base64', 'aGVsbG8+/'.repeat(1_000_000)],
])('takes no longer for %s', (_, text) => {
  const from = performance.now();
  expect(wordsOf(text)).toBe('');
  expect(performance.now() - from).toBeLessThan(2000); // each letter anew to the end takes hours
});
