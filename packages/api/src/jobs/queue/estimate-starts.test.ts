import { expect, it } from '@jest/globals';

import { estimateStarts } from './estimate-starts.ts';

it('counts on what recent prompts took, and on what has passed of those that run', () => {
  const figures = { runningMs: [4000], waiting: 3, slots: 1, recentMs: [10_000, 1, 10_000] };
  expect(estimateStarts(figures)).toEqual([6000, 16_000, 26_000]);
});

it('spreads them over the pages there are', () => {
  const figures = { runningMs: [4000, 20_000], waiting: 4, slots: 3, recentMs: [10_000] };
  expect(estimateStarts(figures)).toEqual([0, 0, 6000, 10_000]);
});

it('counts on one page where none is known, and knows nothing before the first answer', () => {
  expect(estimateStarts({ runningMs: [], waiting: 2, slots: 0, recentMs: [50] })).toEqual([0, 50]);
  expect(estimateStarts({ runningMs: [1], waiting: 2, slots: 1, recentMs: [] })).toBeUndefined();
});
