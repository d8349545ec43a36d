import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { root } from '../setup/setup.ts';

/** How it is run. */
export interface DriverProgramOptions {
  /** All of its environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Runs one of browser-driver's own programs, those that know the page, to its end. It has our
 * terminal. Gives its exit code.
 */
export async function runDriverProgram(
  name: 'doctor-page' | 'replay-recording' | 'sign-in',
  args: readonly string[],
  { environment, signal }: DriverProgramOptions,
): Promise<number> {
  const main = join(root, `packages/browser-driver/dist/${name}.js`);
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    env: environment,
    stdio: 'inherit',
  });
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  await once(child, 'exit');
  return child.exitCode ?? 1;
}
