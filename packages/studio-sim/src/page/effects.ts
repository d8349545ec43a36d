import { type Store } from './store.ts';

/** The parts of the page that follow a change, each in its own time. */
export interface Effects {
  /**
   * Runs an effect after a random share of the jitter. What it sets off in turn is over by the time
   * the whole jitter has passed since the first of them.
   */
  after(effect: () => void): void;
  /** Shows a store's value now, and every later one by an effect of its own. */
  follow<T>(store: Store<T>, show: (value: T) => void): void;
  /** The same for a part of a store; only a change of that part counts. */
  followPart<T, K>(store: Store<T>, part: (value: T) => K, show: (part: K) => void): void;
}

/** What effects need of the world; tests give their own. */
export interface EffectClock {
  /** Epoch or page time, ms. */
  now(): number;
  /** Calls back after `ms`. */
  schedule(effect: () => void, ms: number): void;
}

/**
 * Makes the one scheduler of a page. `jitterMs` is asked for at each effect; with 0 effects run at
 * once. The same seed gives the same order of delays.
 */
export function createEffects(seed: number, jitterMs: () => number, clock: EffectClock): Effects {
  const random = seededRandom(seed);
  let chainEnd: number | undefined;

  const runUntil = (end: number, effect: () => void): void => {
    const outer = chainEnd;
    chainEnd = end;
    try {
      effect();
    } finally {
      chainEnd = outer;
    }
  };
  const after: Effects['after'] = (effect) => {
    const jitter = jitterMs();
    if (jitter <= 0) return effect();
    const now = clock.now();
    const end = chainEnd ?? now + jitter;
    clock.schedule(() => runUntil(end, effect), random() * Math.max(0, end - now));
  };
  const followPart: Effects['followPart'] = (store, part, show) => {
    let last = part(store.value);
    show(last);
    let isFirst = true;
    store.watch(() => {
      if (isFirst) isFirst = false;
      else
        after(() => {
          const next = part(store.value);
          if (isSame(next, last)) return;
          last = next;
          show(next);
        });
    });
  };
  return {
    after,
    followPart,
    follow: (store, show) => followPart(store, (value) => value, show),
  };
}

/** Parts may be lists of things; those are the same if each is. */
function isSame(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return Object.is(one, other);
  return one.length === other.length && one.every((each, index) => Object.is(each, other[index]));
}

/** Numbers from 0 to 1 that the seed decides (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
