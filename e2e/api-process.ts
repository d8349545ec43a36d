import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { z } from 'zod';

/** What the process says when it listens. */
const Ready = z.object({ url: z.string() });

/** The API as a process of its own. */
export interface ApiProcess extends AsyncDisposable {
  /** Without `/v1`. */
  readonly url: string;
  readonly child: ChildProcess;
}

/** Starts the API from its sources, on any free port. Disposing stops it, unless it has ended. */
export async function startApi(
  redisUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ApiProcess> {
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', 'packages/api/src/main.ts'],
    {
      cwd: join(import.meta.dirname, '..'),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        REDIS_URL: redisUrl,
        PORT: '0',
        STREAM_PORT: '0',
        LOG_LEVEL: 'error',
        ...environment,
      },
    },
  );
  const [message]: unknown[] = await once(child, 'message');
  return {
    url: Ready.parse(message).url,
    child,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
