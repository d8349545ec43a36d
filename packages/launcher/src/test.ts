import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { loadConfig, readEnvironment } from '@aistudio/core';

import { root, setUp } from './setup.ts';
import { watchForStop } from './stop-signal.ts';
import { tell } from './terminal.ts';

/** Sets up, builds, and runs every test one file after another; our arguments are jest's. */
async function main(): Promise<number> {
  const signal = await watchForStop();
  const environment = readEnvironment(join(root, '.env'));
  const { CHROMIUM_PATH: chromiumPath } = loadConfig(environment);
  // nobody is asked there, and a person can do without: the tests that need it then say so
  const wantsPython = Boolean(environment['CI']);
  await setUp({ chromiumPath, needsRedis: true, wantsPython, environment, signal });

  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const child = spawn(process.execPath, [jest, '--runInBand', ...process.argv.slice(2)], {
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
