import { beforeAll, describe, expect, it } from '@jest/globals';

import { DRIFT_CHECKS } from './drift-checks.ts';
import { type DriftStack, startDriftStack } from './drift-run.ts';
import { keepForAll } from './keep.ts';

/** `DRIFT_SEEDS=1-20 pnpm test e2e/drift.e2e.ts` runs more of them, `=7-7` one alone; the soak runs 500. */
const [first = 1, last = 20] = (process.env['DRIFT_SEEDS'] ?? '1-6').split('-').map(Number);
const SEEDS = Array.from({ length: last - first + 1 }, (_, index) => first + index);
const SEED_MS = 300_000;

let stack: DriftStack;

const keep = keepForAll();

beforeAll(async () => {
  stack = keep(await startDriftStack());
});

describe('a page that a release has changed', () => {
  it.each(SEEDS)(
    'seed %i: each check is answered, or fails with an error that names the step',
    async (seed) => {
      const results = await stack.run(seed);
      expect(results).toHaveLength(DRIFT_CHECKS.length);
      const bad = results.filter(
        ({ verdict }) => !['answered', 'warned', 'named'].includes(verdict),
      );
      const changes = bad.length > 0 ? await stack.changes() : [];
      expect({ bad, changes }).toEqual({ bad: [], changes: [] });
    },
    SEED_MS,
  );
});
