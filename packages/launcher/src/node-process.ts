import { spawn } from 'node:child_process';

import { z } from 'zod';

import { type Program } from './child.ts';

/** What core's `reportReady` sends. */
const ReadyMessage = z.object({ type: z.literal('ready') });
/** What core's `failPlainly` sends. */
const FailedMessage = z.object({ type: z.literal('failed'), message: z.string() });

/** One of our own processes: a Node program that tells over IPC when it is ready. */
export interface NodeProcess<Ready> {
  readonly name: string;
  /** Its main file, built. */
  readonly main: string;
  /** All of its environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** What its ready message carries. */
  readonly ready: z.ZodType<Ready>;
}

/**
 * How to run one of our own processes. The IPC channel is also its life line: when we are gone, it
 * closes, and the process ends (core's `untilStopped`).
 */
export function nodeProcess<Ready>(options: NodeProcess<Ready>): Program<Ready> {
  return {
    name: options.name,
    spawn: () =>
      spawn(process.execPath, [options.main], {
        env: options.environment,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        detached: true,
      }),
    watch(child, ready, fail) {
      child.on('message', (received) => {
        const failed = FailedMessage.safeParse(received);
        if (failed.success) fail(new Error(failed.data.message));
        if (!ReadyMessage.safeParse(received).success) return;
        const detail = options.ready.safeParse(received);
        if (detail.success) ready(detail.data);
      });
    },
    stop: (child) => child.kill('SIGTERM'),
  };
}
