import { describe, expect, it } from '@jest/globals';

import { createCircuitBreaker } from './circuit-breaker.ts';

describe('createCircuitBreaker', () => {
  let now = 0;
  const create = (): ReturnType<typeof createCircuitBreaker> =>
    createCircuitBreaker({ failures: 2, restMs: 100 }, () => now);
  /** Goes through with one attempt, if it is let. */
  const pass = (
    breaker: ReturnType<typeof create>,
    verdict: 'succeeded' | 'failed' | 'none',
  ): boolean => {
    using attempt = breaker.attempt();
    if (attempt && verdict !== 'none') attempt[verdict]();
    return attempt !== undefined;
  };

  it('opens after as many failures in a row, and says so', () => {
    const breaker = create();
    expect(breaker.attempt()?.failed()).toBe(false);
    pass(breaker, 'succeeded');
    expect(breaker.attempt()?.failed()).toBe(false);
    expect(breaker.attempt()?.failed()).toBe(true);
    expect(breaker.isResting).toBe(true);
    expect(breaker.attempt()).toBeUndefined();
  });

  it('lets one attempt through after the rest: its success closes, its failure opens again', () => {
    const breaker = create();
    pass(breaker, 'failed');
    pass(breaker, 'failed');
    now += 99;
    expect(pass(breaker, 'succeeded')).toBe(false);
    now += 1;
    expect(breaker.isResting).toBe(false);
    {
      using trial = breaker.attempt();
      expect(breaker.isResting).toBe(true);
      expect(breaker.attempt()).toBeUndefined();
      expect(trial?.failed()).toBe(true);
    }
    expect(breaker.attempt()).toBeUndefined();
    now += 100;
    expect(pass(breaker, 'succeeded')).toBe(true);
    expect(pass(breaker, 'failed')).toBe(true);
    expect(pass(breaker, 'none')).toBe(true);
  });

  it('tries again after a trial without a verdict', () => {
    const breaker = create();
    pass(breaker, 'failed');
    pass(breaker, 'failed');
    now += 100;
    expect(pass(breaker, 'none')).toBe(true);
    expect(pass(breaker, 'none')).toBe(true);
  });
});
