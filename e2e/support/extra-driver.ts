import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './demo-command.ts';
import { type Stack } from './stack.ts';

/** One more browser-driver. */
export interface ExtraDriver extends AsyncDisposable {
  send(signal: NodeJS.Signals): void;
  untilEnded(): Promise<void>;
}

/**
 * Starts one more browser-driver beside the stack's own, with the same settings but for these.
 * Disposing it, before the stack, stops it. Linux only: elsewhere nobody tells the settings.
 */
export async function startExtraDriver(
  stack: Stack,
  environment: Readonly<Record<string, string>> = {},
): Promise<ExtraDriver> {
  const child = spawn(process.execPath, [join(root, 'packages/browser-driver/dist/main.js')], {
    env: {
      ...environmentOf(stack.pidOf('browser-driver')),
      LOG_LEVEL: 'error', // it goes where the tests report
      ...environment,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  await Promise.race([
    once(child, 'message'), // it is ready
    ended.then(() => Promise.reject(new Error('The driver ended at its start.'))),
  ]);
  return {
    send: (signal) => void child.kill(signal),
    async untilEnded() {
      await ended;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The settings of a running process, without those of the channel to its parent. */
function environmentOf(pid: number | undefined): NodeJS.ProcessEnv {
  const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  const settings = pairs.filter((pair) => !pair.startsWith('NODE_CHANNEL_'));
  return Object.fromEntries(
    settings.map((pair) => [pair.split('=')[0], pair.replace(/^.*?=/s, '')]),
  );
}
