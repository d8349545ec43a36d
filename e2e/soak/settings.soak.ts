import { expect, it } from '@jest/globals';

import { SETTINGS_ROWS, settingsMissing } from '../support/settings-rows.ts';
import { shareStack } from '../support/shared-stack.ts';
import { report } from './size.ts';

/** `SETTINGS_SEEDS=1-20`: which seeds of the page's random delays. */
const [first = 1, last = 20] = (process.env['SETTINGS_SEEDS'] ?? '1-20').split('-').map(Number);
const JITTER_MS = 300;

const system = shareStack(() => ({ LOG_LEVEL: 'info' }));

it.each(['u3', 'u2'])(
  'every setting arrives on the %s page, whatever comes late',
  async (variant) => {
    const wrong: unknown[] = [];
    let asked = 0;
    for (let seed = first; seed <= last; seed += 1) {
      await system.simulator.setFaults({ variant, timing: 'fast', jitter: JITTER_MS, seed });
      await system.simulator.reload();
      for (const row of SETTINGS_ROWS) {
        asked += 1;
        const missing = await settingsMissing(system, row).catch(String);
        if (JSON.stringify(missing) !== '{}') wrong.push({ seed, row: row[0], missing });
      }
    }
    report(`${asked} settings on the ${variant} page, ${wrong.length} wrong`);
    expect(wrong).toEqual([]);
  },
);
