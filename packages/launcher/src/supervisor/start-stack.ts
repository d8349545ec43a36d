import { type Config, connectRedis, forgetStatuses, type Log } from '@aistudio/core';

import { type Health, needsSignIn, untilHealth } from '../client/health.ts';
import { print } from '../output/terminal.ts';
import { forgetPrompts } from '../redis/forget-prompts.ts';
import { startPrivateRedis } from '../redis/redis-server.ts';
import { createTemporaryFolder, removeLeftFolders } from '../setup/temporary-folder.ts';
import { mergeInto } from './merged-log.ts';
import { ProcessGroup } from './process-group.ts';
import { startServices } from './services.ts';

/** What the system is started with. */
export interface SystemOptions {
  readonly config: Config;
  /** What the processes inherit. */
  readonly environment: NodeJS.ProcessEnv;
  /** The command that starts Redis, when no REDIS_URL is given. */
  readonly redisServer: string;
  /** Where that Redis keeps its data. */
  readonly redisFolder: string;
  /** Gives up the start. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Gets what the processes say. */
  readonly mergedLog: Log;
}

/** The whole system on the real AI Studio. Disposing stops it: what runs has SHUTDOWN_GRACE_MS. */
export interface System extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly apiUrl: string;
  /** What keeps it from answering prompts; undefined: nothing. */
  readonly blockedBy: { readonly needsSignIn: boolean; readonly reason: string } | undefined;
}

/** Starts every process and waits until a prompt would be answered, or until a person has to act. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const group = new ProcessGroup(options.signal);
  try {
    return await startWith(group, options);
  } catch (error) {
    await group[Symbol.asyncDispose]();
    throw error;
  }
}

async function startWith(group: ProcessGroup, options: SystemOptions): Promise<System> {
  const { config, log, redisServer: program, redisFolder: directory } = options;
  const startRedis = async (): Promise<string> => {
    const queueMaxBytes = config.QUEUE_MAX_BYTES;
    const server = { program, directory, queueMaxBytes, keepsData: true, log };
    const redis = await group.start((signal) => startPrivateRedis({ ...server, signal }));
    await using connection = await connectRedis(redis.url);
    await forgetStatuses(connection); // whoever gave signs of life here before lives no more
    await group.start(() => forgetPrompts(redis.url, log)); // stops after the services, before Redis
    return redis.url;
  };
  await removeLeftFolders();
  const temporary = await group.start(() => createTemporaryFolder('aistudio-run-'));
  const environment = {
    ...options.environment,
    TMPDIR: temporary.path, // whatever a killed process leaves there goes with it
    REDIS_URL: config.REDIS_URL ?? (await startRedis()),
    LOG_FORMAT: 'json', // for the merged log, which alone writes the file
    LOG_FILE: '',
  };
  const { apiUrl } = await startServices(group, {
    environment,
    hasStreamProxy: config.STREAM_PORT !== 0,
    onLine: mergeInto(options.mergedLog),
    onPrivateLine: print,
    graceMs: config.SHUTDOWN_GRACE_MS,
    log,
  });
  return {
    apiUrl,
    ...(await lookAtHealth(apiUrl, group.signal)),
    [Symbol.asyncDispose]: () => group[Symbol.asyncDispose](),
  };
}

/** What is wrong does not end the start: AI Studio may be out of reach for a while, for example. */
async function lookAtHealth(
  apiUrl: string,
  signal: AbortSignal,
): Promise<Pick<System, 'blockedBy'>> {
  try {
    const health = await untilHealth(apiUrl, isDecided, signal);
    const reason = 'AI Studio asks to sign in';
    return { blockedBy: health.ready ? undefined : { needsSignIn: true, reason } };
  } catch (error) {
    signal.throwIfAborted();
    return { blockedBy: { needsSignIn: false, reason: String(error) } };
  }
}

const isDecided = (health: Health): boolean => health.ready || needsSignIn(health);
