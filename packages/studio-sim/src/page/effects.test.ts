import { describe, expect, it } from '@jest/globals';

import { createEffects, type EffectClock, seededRandom } from './effects.ts';
import { createStore } from './store.ts';

/** A clock whose time goes on only when told to. */
function handClock(): EffectClock & { pass(ms: number): void } {
  let time = 0;
  const pending: { effect: () => void; at: number }[] = [];
  return {
    now: () => time,
    schedule: (effect, ms) => void pending.push({ effect, at: time + ms }),
    pass(ms) {
      const end = time + ms;
      for (;;) {
        const [next] = pending.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (!next) break;
        pending.splice(pending.indexOf(next), 1);
        time = next.at;
        next.effect();
      }
      time = end;
    },
  };
}

describe('effects', () => {
  it('run at once without jitter', () => {
    const effects = createEffects(1, () => 0, handClock());
    const shown: number[] = [];
    const store = createStore(1);
    effects.follow(store, (value) => shown.push(value));
    store.set(2);
    expect(shown).toEqual([1, 2]);
  });

  it('come later, in an order of their own, and end with the newest value', () => {
    const clock = handClock();
    const effects = createEffects(7, () => 300, clock);
    const store = createStore(0);
    const shown: number[] = [];
    effects.follow(store, (value) => shown.push(value));
    store.set(1);
    store.set(2);
    expect(shown).toEqual([0]);
    clock.pass(300);
    expect(shown).toEqual([0, 2]);
  });

  it('are over within the jitter, whatever they set off', () => {
    const clock = handClock();
    const effects = createEffects(3, () => 300, clock);
    let depth = 0;
    const deeper = (): void => {
      depth += 1;
      if (depth < 5) effects.after(deeper);
    };
    effects.after(deeper);
    expect(depth).toBe(0);
    clock.pass(300);
    expect(depth).toBe(5);
  });

  it('repeat themselves with the same seed', () => {
    const take = (seed: number): number[] => [1, 2, 3].map(seededRandom(seed));
    expect(take(5)).toEqual(take(5));
    expect(take(5)).not.toEqual(take(6));
  });
});
