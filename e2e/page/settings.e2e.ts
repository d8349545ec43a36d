import { beforeAll, describe, expect, it } from '@jest/globals';

import { SETTINGS_ROWS, settingsMissing } from '../support/settings-rows.ts';
import { shareStack } from '../support/shared-stack.ts';

const system = shareStack();

/**
 * Both generations of the page: one without delays, and two in which every effect of a control comes
 * by a random delay of up to 300 ms. `SETTINGS_SEED=5 pnpm test e2e/settings` gives the first of
 * these seeds.
 */
const seed = Number(process.env['SETTINGS_SEED'] ?? 1);
const pages = ['u3', 'u2'].flatMap((variant) => [
  { variant, timing: 'fast', jitter: 0, seed },
  { variant, timing: 'fast', jitter: 300, seed },
  { variant, timing: 'fast', jitter: 300, seed: seed + 1 },
]);

describe.each(pages)(
  'what the client sets arrives on the $variant page (delays up to $jitter ms, seed $seed)',
  (page) => {
    beforeAll(async () => {
      await system.simulator.clear();
      await system.simulator.setFaults(page);
      await system.simulator.reload();
    });

    it.each(SETTINGS_ROWS)('%s (%s)', async (...row) => {
      expect(await settingsMissing(system, row)).toEqual({});
    });
  },
);
