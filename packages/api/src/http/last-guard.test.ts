import { silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { createLastGuard } from './last-guard.ts';

const fault = new Error('planted');

describe('the last guard', () => {
  it('lets an exception during the start end the process', () => {
    expect(createLastGuard(silentLog).survives(fault)).toBe(false);
  });

  it('keeps the process running once requests are served', () => {
    const guard = createLastGuard(silentLog);
    guard.arm();
    expect(guard.survives(fault)).toBe(true);
  });

  it('gives up after twenty exceptions within a minute, and forgets those that are older', () => {
    let now = 0;
    const guard = createLastGuard(silentLog, () => now);
    guard.arm();
    const many = (count: number): boolean[] =>
      Array.from({ length: count }, () => guard.survives(fault));
    expect(many(19).every(Boolean)).toBe(true);
    now = 60_001;
    expect(many(19).every(Boolean)).toBe(true);
    expect(guard.survives(fault)).toBe(false);
  });
});
