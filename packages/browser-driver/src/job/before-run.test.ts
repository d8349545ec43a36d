import { describe, expect, it } from '@jest/globals';

import { type Preemption } from '../queue/background-jobs.ts';
import { BeforeRun } from './before-run.ts';

/** A prompt that makes way once the test says so; `looks` counts how often it was asked. */
function startPreemption() {
  const found = new AbortController();
  const way: Preemption & { looks: number } = {
    looks: 0,
    signal: found.signal,
    async confirm() {
      way.looks++;
      found.signal.throwIfAborted();
    },
    [Symbol.dispose]: () => undefined,
  };
  return { way, go: () => found.abort(new Error('makes way')) };
}

describe('an attempt before Run', () => {
  it('ends when the worker stops, also where it stopped before', async () => {
    const draining = new AbortController();
    using attempt = new BeforeRun(draining.signal, undefined);
    await attempt.confirm();
    draining.abort(new Error('stopping'));
    expect(attempt.signal.reason).toEqual(new Error('stopping'));
    await expect(attempt.confirm()).rejects.toThrow('stopping');
    using later = new BeforeRun(draining.signal, undefined);
    expect(later.signal.aborted).toBe(true);
  });

  it('ends when it is to make way', async () => {
    const { way, go } = startPreemption();
    using attempt = new BeforeRun(new AbortController().signal, way);
    go();
    expect(attempt.signal.reason).toEqual(new Error('makes way'));
    await expect(attempt.confirm()).rejects.toThrow('makes way');
  });

  it('goes on once Run was pressed, but presses it no second time while the worker stops', async () => {
    const draining = new AbortController();
    const { way } = startPreemption();
    using attempt = new BeforeRun(draining.signal, way);
    await attempt.confirm();
    attempt[Symbol.dispose]();
    await attempt.confirm();
    expect(way.looks).toBe(1);
    draining.abort(new Error('stopping'));
    expect(attempt.signal.aborted).toBe(false);
    await expect(attempt.confirm()).rejects.toThrow('stopping');
  });
});
