import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { loadConfig, readEnvironment } from '@aistudio/core';

import { checkMachine } from './checks.ts';
import { runDriverProgram } from './driver-program.ts';
import { root, setUp } from './setup.ts';
import { watchForStop } from './stop-signal.ts';
import { print, tell } from './terminal.ts';

/**
 * `pnpm run doctor [--page] [--json]`: says what of this machine is fit for use and how to mend the
 * rest; with `--page` also which selector finds each part of the live page. Exits 1 when something
 * is wrong.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { page: { type: 'boolean' }, json: { type: 'boolean' } },
  });
  const environment = readEnvironment(join(root, '.env'));
  const config = loadConfig(environment);
  if (values.page) {
    const signal = await watchForStop();
    await setUp({ chromiumPath: config.CHROMIUM_PATH, needsRedis: false, environment, signal });
    const args = values.json ? ['--json'] : [];
    return runDriverProgram('doctor-page', args, { environment, signal });
  }

  const findings = await checkMachine(config);
  if (values.json) print(JSON.stringify(findings));
  else {
    for (const { name, detail, mend } of findings) {
      print(mend === undefined ? `✓ ${name}: ${detail}` : `✗ ${name}: ${mend}`);
    }
  }
  return findings.some(({ mend }) => mend !== undefined) ? 1 : 0;
}

process.exitCode = await main().catch((error: unknown) => {
  tell(error instanceof Error ? error.message : String(error));
  return 1;
});
