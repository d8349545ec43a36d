/** Random numbers, the same for the same seed. */
export interface Seeded {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  /** True in one case of so many. */
  oneIn(cases: number): boolean;
  /** One of these. */
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** xorshift32 (Marsaglia 2003). `seed` is any whole number but 0. */
export function createSeeded(seed: number): Seeded {
  let state = seed;
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  return {
    below,
    oneIn: (cases) => below(cases) === 0,
    pick: (from) => from[below(from.length)] ?? from[0],
  };
}
