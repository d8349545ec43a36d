import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { type Config, type Log } from '@aistudio/core';
import { z } from 'zod';

import { untilHealth } from '../client/health.ts';
import { tell } from '../output/terminal.ts';
import { startPrivateRedis } from '../redis/redis-server.ts';
import { createTemporaryFolder, removeLeftFolders } from '../setup/temporary-folder.ts';
import { startChild } from './child.ts';
import { ProcessGroup } from './process-group.ts';
import { ourProgram, startServices } from './services.ts';

/** The hosts that the simulator plays: everything that the page asks of Google. */
const SIMULATED_HOSTS = [
  'aistudio.google.com',
  'alkalimakersuite-pa.clients6.google.com',
  'accounts.google.com',
  'waa-pa.clients6.google.com',
  'www.gstatic.com',
] as const;

/** How long a running request may take to end when the demo stops, unless asked otherwise, ms. */
const GRACE_MS = 5000;

/** What the demo is started with. */
export interface DemoOptions {
  readonly config: Config;
  /** What the processes inherit. */
  readonly environment: NodeJS.ProcessEnv;
  /** The command that starts Redis, when no REDIS_URL is given. */
  readonly redisServer: string;
  /** Gives up the start. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** The whole system against the simulator. Disposing leaves no process, port or folder behind. */
export interface Demo extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/v1` */
  readonly baseUrl: string;
  /** Where the simulator is told what to do. */
  readonly controlUrl: string;
  /** Aborts when the demo cannot go on. */
  readonly broken: AbortSignal;
}

/** Starts every process, side by side where it can, and waits until a prompt would be answered. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const group = new ProcessGroup(options.signal);
  try {
    return await startWith(group, options);
  } catch (error) {
    await group[Symbol.asyncDispose]();
    throw error;
  }
}

async function startWith(group: ProcessGroup, options: DemoOptions): Promise<Demo> {
  const { config, log } = options;
  const broken = new AbortController();
  await removeLeftFolders();
  const folder = await group.start(() => createTemporaryFolder('aistudio-demo-'));
  const graceMs = options.environment['SHUTDOWN_GRACE_MS'] ? config.SHUTDOWN_GRACE_MS : GRACE_MS;
  const inherited = await prepareEnvironment(folder.path, graceMs, options.environment);
  const run = { log, onLine: tell };

  const startRedis = async (): Promise<string> => {
    if (config.REDIS_URL) return config.REDIS_URL;
    const directory = join(folder.path, 'redis');
    const queueMaxBytes = config.QUEUE_MAX_BYTES;
    const server = { program: options.redisServer, directory, queueMaxBytes, keepsData: false };
    const redis = await group.start((signal) => startPrivateRedis({ ...server, log, signal }));
    return redis.url;
  };
  const startSimulator = async (): Promise<z.infer<typeof SimulatorReady>> => {
    const program = ourProgram('studio-sim', inherited, SimulatorReady);
    const simulator = await group.start((signal) => startChild(program, { ...run, signal }));
    void simulator.ended.then((how) => broken.abort(new Error(`studio-sim ${how}`)));
    return simulator.ready;
  };
  const [redisUrl, simulator] = await Promise.all([startRedis(), startSimulator()]);

  const environment = {
    ...inherited,
    REDIS_URL: redisUrl,
    AI_STUDIO_RESOLVE:
      inherited['AI_STUDIO_RESOLVE'] || // somebody else leads to the simulator
      SIMULATED_HOSTS.map((host) => `${host}:443=127.0.0.1:${simulator.port}`).join(','),
  };
  const { apiUrl } = await startServices(group, {
    ...run,
    environment,
    graceMs,
    onPrivateLine: tell, // stdout holds what was asked for alone
    hasStreamProxy: config.STREAM_PORT !== 0,
  });
  const signal = AbortSignal.any([group.signal, broken.signal]);
  await untilHealth(apiUrl, ({ ready }) => ready, signal);

  return {
    baseUrl: `${apiUrl}/v1`,
    controlUrl: `http://127.0.0.1:${simulator.controlPort}`,
    broken: broken.signal,
    [Symbol.asyncDispose]: () => group[Symbol.asyncDispose](),
  };
}

const SimulatorReady = z.object({ port: z.number(), controlPort: z.number() });
/** Everything that a process writes goes into the folder, and logs are quiet unless asked for. */
async function prepareEnvironment(
  folder: string,
  graceMs: number,
  given: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  return {
    ...given,
    LOG_LEVEL: given['LOG_LEVEL'] || 'warn',
    TMPDIR: temporary,
    CERTS_DIR: join(folder, 'certs'),
    AUTH_PROFILES_DIR: join(folder, 'auth_profiles'),
    PAGE_PACK: given['PAGE_PACK'] || join(folder, 'page-packs'),
    SHUTDOWN_GRACE_MS: String(graceMs),
    AI_STUDIO_CA: join(folder, 'simulator-ca.pem'),
  };
}
