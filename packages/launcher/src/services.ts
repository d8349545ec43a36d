import { join } from 'node:path';

import { z } from 'zod';

import { type Program } from './child.ts';
import { type Crew } from './crew.ts';
import { nodeProcess } from './node-process.ts';
import { root } from './setup.ts';
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
export interface ServicesOptions extends Omit<SuperviseOptions, 'signal' | 'onLine'> {
  /** What they inherit; REDIS_URL among it. */
  readonly environment: NodeJS.ProcessEnv;
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

/**
 * Starts stream proxy, browser driver and API, side by side where they can, and keeps them running.
 * The driver stops first, and so can end what it is at while the API passes it on.
 */
export async function startServices(
  crew: Crew,
  options: ServicesOptions,
): Promise<{ readonly apiUrl: string }> {
  const { environment, hasStreamProxy, onLine, onPrivateLine } = options;
  const keepRunning = async <T>(name: string, ready: z.ZodType<T>): Promise<Supervised<T>> => {
    const program = ourProgram(name, environment, ready, onPrivateLine);
    const tell = (line: string, output: 'stdout' | 'stderr'): void => onLine(line, output, name);
    return crew.start((signal) => supervise(program, { ...options, onLine: tell, signal }));
  };
  const startDriver = async (): Promise<void> => {
    if (hasStreamProxy) await keepRunning('stream-proxy', z.unknown());
    await keepRunning('browser-driver', z.unknown()); // its browser goes through the proxy
  };
  const [api] = await Promise.all([keepRunning('api', ApiReady), startDriver()]);
  return { apiUrl: api.ready.url };
}
