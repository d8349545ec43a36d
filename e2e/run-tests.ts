import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { loadConfig, readEnvironment } from '@aistudio/core';

import { tell } from '../packages/launcher/src/output/terminal.ts';
import { root, setUp } from '../packages/launcher/src/setup/setup.ts';
import { watchForStop } from '../packages/launcher/src/supervisor/stop-signal.ts';

/** Tests of the whole system wait most of the time, so that two cores do for three of them. */
const FILES_AT_ONCE = 3;
const CHOOSES_WORKERS = /^(-i|--runInBand|-w|--maxWorkers|--watch)/;

/** Sets up, builds, and runs every test, several files at once; our arguments are jest's. */
async function main(): Promise<number> {
  const signal = await watchForStop();
  const environment = readEnvironment(join(root, '.env'));
  const { CHROMIUM_PATH: chromiumPath } = loadConfig(environment);
  // nobody is asked there, and a person can do without: the tests that need it then say so
  const wantsPython = Boolean(environment['CI']);
  await setUp({ chromiumPath, needsRedis: true, wantsPython, environment, signal });

  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const given = process.argv.slice(2);
  const isChosen = given.some((argument) => CHOOSES_WORKERS.test(argument));
  const workers = isChosen ? [] : [`--maxWorkers=${FILES_AT_ONCE}`];
  const child = spawn(process.execPath, [jest, ...workers, ...given], {
    cwd: root,
    stdio: 'inherit',
  });
  signal.addEventListener('abort', () => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

process.exitCode = await main().catch((error: unknown) => {
  tell(error instanceof Error ? error.message : String(error));
  return 1;
});
