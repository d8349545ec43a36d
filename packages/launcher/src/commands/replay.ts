import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { loadConfig, readEnvironment } from '@aistudio/core';

import { tell } from '../output/terminal.ts';
import { root, setUp } from '../setup/setup.ts';
import { runDriverProgram } from '../supervisor/driver-program.ts';
import { watchForStop } from '../supervisor/stop-signal.ts';

const USAGE = 'Usage: pnpm replay FILE [--json]';

/**
 * `pnpm replay FILE`: shows what today's driver finds and reads in a recording. Exits 1 when it
 * could not have answered the prompt.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new Error(USAGE);
  const environment = readEnvironment(join(root, '.env'));
  const { CHROMIUM_PATH: chromiumPath } = loadConfig(environment);
  const signal = await watchForStop();
  await setUp({ chromiumPath, needsRedis: false, environment, signal });
  const args = [resolve(file), ...(values.json ? ['--json'] : [])];
  return runDriverProgram('replay-recording', args, { environment, signal });
}

process.exitCode = await main().catch((error: unknown) => {
  tell(error instanceof Error ? error.message : String(error));
  return 1;
});
