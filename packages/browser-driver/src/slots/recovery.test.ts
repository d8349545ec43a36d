import { describe, expect, it } from '@jest/globals';

import { above, isWarm, limitOf, Refusals } from './recovery.ts';

describe('Refusals', () => {
  it('starts a new chat on the open page first, and loads it anew later', () => {
    const refusals = new Refusals();
    const rungs = [1, 2, 3, 4].map(() => refusals.refused(false));
    expect(rungs).toEqual(['new chat', 'reload', 'new context', 'new context']);
    refusals.accepted();
    expect(refusals.refused(false)).toBe('new chat');
  });

  it('goes around the stream proxy after a refusal through it, and stays there if that helps', () => {
    const refusals = new Refusals();
    expect(refusals.refused(true)).toBe('new context');
    expect(refusals.goesAround).toBe(true);
    refusals.accepted();
    expect(refusals.goesAround).toBe(true);
    refusals.forgetProxy();
    expect(refusals.goesAround).toBe(false);
  });

  it('goes back to the stream proxy when it was not to blame', () => {
    const refusals = new Refusals();
    refusals.refused(true);
    expect(refusals.refused(false)).toBe('new chat');
    expect(refusals.goesAround).toBe(true);
    expect(refusals.refused(false)).toBe('new context');
    expect(refusals.goesAround).toBe(false);
  });
});

describe('the ladder', () => {
  it('ends with a new browser', () => {
    expect([above('new chat'), above('new context'), above('new browser')]).toEqual([
      'reload',
      'new browser',
      'new browser',
    ]);
  });

  it('counts a page as warm some time after its load', () => {
    expect([isWarm(0, 1000), isWarm(0, 60_000)]).toEqual([false, true]);
  });

  it('gives each rung more time than the gentler one', () => {
    const rungs = ['new chat', 'reload', 'new context', 'new browser'] as const;
    expect(rungs.map(limitOf)).toEqual([12_000, 30_000, 45_000, 60_000]);
  });

  it('counts a page as warm by how long it has been open, not by the time of day', () => {
    expect([isWarm(90_000, 100_000), isWarm(90_000, 100_001)]).toEqual([false, true]);
  });
});
