import { describe, expect, it } from '@jest/globals';

import { createPhases } from './phases.ts';

describe('createPhases', () => {
  it('measures laps, adds what comes twice, and counts the waiting before it', () => {
    let now = 100;
    const phases = createPhases(7, () => now);
    now += 1.26;
    phases.mark('prepare');
    now += 10;
    phases.mark('fill');
    now += 5;
    phases.mark('submit');
    now += 20;
    phases.mark('fill');

    expect(phases.read()).toEqual({ queue: 7, prepare: 1.3, fill: 30, submit: 5 });
    expect(phases.readAll().total).toBe(43.3);
  });

  it('never says that waiting took less than nothing, whatever the clocks of two hosts say', () => {
    expect(createPhases(-3).read()).toEqual({ queue: 0 });
  });
});
