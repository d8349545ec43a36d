import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { DRIFT_CHECKS } from '../support/drift-checks.ts';
import { namedSeeds, runSeeds, type SeedResult, unacceptable } from '../support/drift-seeds.ts';

/** `DRIFT_SEEDS=21-30 pnpm test e2e/page/drift.e2e.ts` runs others, `=7-7` one alone; the soak runs 500. */
const { first, last } = namedSeeds('1-20');
const SEEDS = Array.from({ length: last - first + 1 }, (_, index) => first + index);
/** Most of the time goes by in waiting for the page, so that several systems share a machine well. */
const STACKS = 3;
const ALL_MS = 1_200_000;

const ended = new Map<number, (result: SeedResult) => void>();
const results = new Map(
  SEEDS.map((seed) => [seed, new Promise<SeedResult>((resolve) => ended.set(seed, resolve))]),
);
let running: Promise<void>;

beforeAll(() => {
  const onResult = (result: SeedResult): void => ended.get(result.seed)?.(result);
  running = runSeeds({ first, last, stacks: STACKS, onResult });
  running.catch(() => undefined); // each test says it
});
afterAll(async () => running);

describe('a page that a release has changed', () => {
  it.each(SEEDS)(
    'seed %i: each check is answered, or fails with an error that names the step',
    async (seed) => {
      const failure = running.then(() => new Promise<never>(() => undefined)); // rejects if it does
      const result = await Promise.race([results.get(seed), failure]);
      expect(result?.results).toHaveLength(DRIFT_CHECKS.length);
      const bad = unacceptable(result?.results ?? []);
      expect({ bad, changes: bad.length > 0 ? result?.changes : [] }).toEqual({
        bad: [],
        changes: [],
      });
    },
    ALL_MS,
  );
});
