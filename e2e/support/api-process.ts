import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { z } from 'zod';

/** What the process says when it listens. */
const Ready = z.object({ url: z.string() });

/** A line for the person alone, which is never part of the output. */
const PrivateLine = z.object({ type: z.literal('private'), line: z.string() });

/** The API as a process of its own. */
export interface ApiProcess extends AsyncDisposable {
  /** Without `/v1`. */
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything it logged so far. */
  logs(): string;
  /** Everything it printed so far, and what it sent for the person alone. */
  printed(): string;
}

/**
 * Starts the API as it is built, on any free port. It logs errors only, to our own stderr, and cuts
 * answers off when it is told to stop, unless the environment says otherwise. Disposing stops it, unless it has ended.
 */
export async function startApi(
  redisUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ApiProcess> {
  const child = spawn(process.execPath, ['packages/api/dist/main.js'], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      REDIS_URL: redisUrl,
      PORT: '0',
      STREAM_PORT: '0',
      LOG_LEVEL: 'error',
      SHUTDOWN_GRACE_MS: '0', // tests say what they want to end
      ...environment,
    },
  });
  let logs = '';
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => (logs += piece));
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => (printed += piece));
  if (!('LOG_LEVEL' in environment)) child.stderr?.pipe(process.stderr);
  const ready = new Promise<unknown>((resolve) => {
    child.on('message', (message) => {
      const personal = PrivateLine.safeParse(message);
      if (personal.success) printed += `${personal.data.line}\n`;
      else resolve(message);
    });
  });
  const message = await Promise.race([
    ready,
    once(child, 'exit').then(() => Promise.reject(new Error(`The API did not start:\n${logs}`))),
  ]);
  return {
    url: Ready.parse(message).url,
    child,
    logs: () => logs,
    printed: () => printed,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
