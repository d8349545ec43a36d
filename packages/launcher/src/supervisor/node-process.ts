import { spawn } from 'node:child_process';

import { z } from 'zod';

import { print } from '../output/terminal.ts';
import { type Program } from './child.ts';
import { maskSecrets } from './mask-secrets.ts';

/** What core's `reportReady` sends. */
const ReadyMessage = z.object({ type: z.literal('ready') });
/** What core's `failPlainly` sends. */
const FailedMessage = z.object({ type: z.literal('failed'), message: z.string() });

/** What core's `printPrivately` sends. */
const PrivateMessage = z.object({ type: z.literal('private'), line: z.string() });

/** One of our own processes: a Node program that tells over IPC when it is ready. */
export interface NodeProcess<Ready> {
  readonly name: string;
  /** Its main file, built. */
  readonly main: string;
  /** All of its environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** What its ready message carries. */
  readonly ready: z.ZodType<Ready>;
  /** Gets a line that holds a secret and is for the person alone. Default: prints it. */
  readonly onPrivateLine?: ((line: string) => void) | undefined;
}

/**
 * How to run one of our own processes. The IPC channel is also its life line: when we are gone, it
 * closes, and the process ends (core's `untilStopped`).
 */
export function nodeProcess<Ready>(options: NodeProcess<Ready>): Program<Ready> {
  const { onPrivateLine = print } = options;
  return {
    name: options.name,
    logsTo: 'stderr',
    spawn: () =>
      spawn(process.execPath, [options.main], {
        env: options.environment,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        detached: true,
      }),
    watch(child, ready, fail) {
      child.on('message', (received) => {
        const failed = FailedMessage.safeParse(received);
        if (failed.success) fail(new Error(maskSecrets(failed.data.message)));
        const personal = PrivateMessage.safeParse(received);
        if (personal.success) onPrivateLine(personal.data.line);
        if (!ReadyMessage.safeParse(received).success) return;
        const detail = options.ready.safeParse(received);
        if (detail.success) ready(detail.data);
      });
    },
    stop: (child) => child.kill('SIGTERM'),
  };
}
