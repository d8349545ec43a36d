import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { loadConfig, readEnvironment } from '@aistudio/core';

import { print, tell } from '../output/terminal.ts';
import { checkMachine, checkSettings, toFindingLine } from '../setup/checks.ts';
import { root, setUp } from '../setup/setup.ts';
import { runDriverProgram } from '../supervisor/driver-program.ts';
import { watchForStop } from '../supervisor/stop-signal.ts';

/**
 * `pnpm run doctor [--json]`: says what of this machine is fit for use and how to fix the rest; exits
 * 1 when something is wrong. With `--page [--deep] [--write-pack FILE]` it examines the live page
 * instead, and exits 1 when no prompt could be answered. `--print-pack` prints what is known of the
 * page as a page pack.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      page: { type: 'boolean' },
      deep: { type: 'boolean' },
      json: { type: 'boolean' },
      'write-pack': { type: 'string' },
      'print-pack': { type: 'boolean' },
    },
  });
  const environment = readEnvironment(join(root, '.env'));
  const config = loadConfig(environment);
  const isPrinted = values['print-pack'] ?? false;
  if (values.page || isPrinted) {
    const signal = await watchForStop();
    await setUp({ chromiumPath: config.CHROMIUM_PATH, needsRedis: false, environment, signal });
    const args = [
      ...(['deep', 'json', 'print-pack'] as const).flatMap((name) =>
        values[name] ? [`--${name}`] : [],
      ),
      ...(values['write-pack'] === undefined ? [] : ['--write-pack', values['write-pack']]),
    ];
    return runDriverProgram('doctor-page', args, { environment, signal });
  }

  const findings = [...checkSettings(join(root, '.env')), ...(await checkMachine(config))];
  if (values.json) print(JSON.stringify(findings));
  else {
    for (const finding of findings) print(toFindingLine(finding));
  }
  return findings.some(({ fix: mend }) => mend !== undefined) ? 1 : 0;
}

process.exitCode = await main().catch((error: unknown) => {
  tell(error instanceof Error ? error.message : String(error));
  return 1;
});
