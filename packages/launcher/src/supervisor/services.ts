import { join } from 'node:path';

import { z } from 'zod';

import { root } from '../setup/setup.ts';
import { type Program } from './child.ts';
import { nodeProcess } from './node-process.ts';
import { ProcessGroup } from './process-group.ts';
import { supervise, type Supervised, type SuperviseOptions } from './supervise.ts';

/** One of our processes, as its package's build leaves it. */
export function ourProgram<Ready>(
  name: string,
  environment: NodeJS.ProcessEnv,
  ready: z.ZodType<Ready>,
  onPrivateLine?: (line: string) => void,
): Program<Ready> {
  const main = join(root, 'packages', name, 'dist/main.js');
  return nodeProcess({ name, main, environment, ready, onPrivateLine });
}

/** How the processes of the system are run. */
export interface ServicesOptions extends Omit<
  SuperviseOptions,
  'signal' | 'onLine' | 'stopWithinMs'
> {
  /** What they inherit; REDIS_URL among it. */
  readonly environment: NodeJS.ProcessEnv;
  /** SHUTDOWN_GRACE_MS. */
  readonly graceMs: number;
  /** Whether STREAM_PORT asks for the stream proxy. */
  readonly hasStreamProxy: boolean;
  /** Gets each line that one of them prints, and which one. */
  readonly onLine: (line: string, output: 'stdout' | 'stderr', name: string) => void;
  /** Gets a line that holds a secret. */
  readonly onPrivateLine: (line: string) => void;
}

const ApiReady = z.object({
  url: z.string().transform((url) => url.replace(/\/\/(0\.0\.0\.0|\[::\])/, '//127.0.0.1')),
});

/** What a process may take beyond SHUTDOWN_GRACE_MS before it is killed, ms. */
const STOP_SLACK_MS = 5000;

/**
 * Starts stream proxy, browser driver and API, side by side where they can, and keeps them running.
 * They are told to stop at the same time: then none takes anything new, while each ends what it has begun.
 */
export async function startServices(
  group: ProcessGroup,
  options: ServicesOptions,
): Promise<{ readonly apiUrl: string }> {
  const { environment, graceMs, hasStreamProxy, onLine, onPrivateLine, log } = options;
  const services = await group.start(async (signal) => new ProcessGroup(signal, 'together'));
  const run = { log, stopWithinMs: graceMs + STOP_SLACK_MS };
  const keepRunning = async <T>(name: string, ready: z.ZodType<T>): Promise<Supervised<T>> => {
    const program = ourProgram(name, environment, ready, onPrivateLine);
    const tell = (line: string, output: 'stdout' | 'stderr'): void => onLine(line, output, name);
    return services.start((signal) => supervise(program, { ...run, onLine: tell, signal }));
  };
  const startDriver = async (): Promise<void> => {
    if (hasStreamProxy) await keepRunning('stream-proxy', z.unknown());
    await keepRunning('browser-driver', z.unknown()); // its browser goes through the proxy
  };
  const [api] = await Promise.all([keepRunning('api', ApiReady), startDriver()]);
  return { apiUrl: api.ready.url };
}
