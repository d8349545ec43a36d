import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { KnownFailures } from './known-failures.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('KnownFailures', () => {
  it('knows a failure for some minutes', () => {
    const known = new KnownFailures();
    known.add('there is no Run button');
    expect([known.has('there is no Run button'), known.has('another')]).toEqual([true, false]);
    jest.advanceTimersByTime(301_000);
    expect(known.has('there is no Run button')).toBe(false);
  });

  it('forgets all of them once more is known of the page', () => {
    const known = new KnownFailures();
    known.add('there is no Run button');
    known.clear();
    expect(known.has('there is no Run button')).toBe(false);
  });
});
