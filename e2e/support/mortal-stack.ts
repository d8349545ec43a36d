import { setTimeout as delay } from 'node:timers/promises';

import { connectRedis, type RedisConnection } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';

import { startPrivateRedis } from '../../packages/launcher/src/redis/redis-server.ts';
import { findRedisServer } from '../../packages/launcher/src/setup/programs.ts';
import { createTemporaryFolder } from '../../packages/launcher/src/setup/temporary-folder.ts';
import { type Stack, startStack } from './stack.ts';

/** What can die and comes back by itself. */
export const mortals = ['chromium', 'browser-driver', 'stream-proxy', 'api', 'redis'] as const;
export type Mortal = (typeof mortals)[number];

/** A whole system of which every part may be killed, Redis (append-only) too. */
export interface MortalStack extends AsyncDisposable {
  readonly stack: Stack;
  readonly redis: RedisConnection;
  /**
   * Kills a process as a system does that is out of memory, or has it end itself. Throws when it
   * does not run.
   */
  kill(name: Mortal, how?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Starts it, with these variables on top, and a Redis that is brought back with what it held. */
export async function startMortalStack(
  env: Readonly<Record<string, string>> = {},
): Promise<MortalStack> {
  const started: AsyncDisposable[] = [];
  const keep = <T extends AsyncDisposable>(thing: T): T => {
    started.unshift(thing);
    return thing;
  };
  const stop = async (): Promise<void> => {
    for (const thing of started) await thing[Symbol.asyncDispose]();
  };
  try {
    const folder = keep(await createTemporaryFolder('aistudio-mortal-'));
    const server = keep(
      await startPrivateRedis({
        program: (await findRedisServer()) ?? 'redis-server',
        directory: folder.path,
        queueMaxBytes: 64 * 1024 * 1024,
        keepsData: true,
        log: silentLog,
        signal: new AbortController().signal,
      }),
    );
    const redis = keep(await connectRedis(server.url));
    const stack = keep(await startStack({ env: { ...env, REDIS_URL: server.url } }));
    return { stack, redis, kill: killerOf(stack, redis), [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const killerOf =
  (stack: Stack, redis: RedisConnection): MortalStack['kill'] =>
  async (name, how = 'SIGKILL') => {
    const pid = name === 'redis' ? await pidOfRedis(redis) : stack.pidOf(name);
    if (pid === undefined) throw new Error(`${name} does not run`);
    process.kill(pid, how);
  };

async function pidOfRedis(redis: RedisConnection): Promise<number | undefined> {
  const [, pid] = /process_id:(\d+)/.exec(await redis.info('server')) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

/** Waits until it is so; jest's own limit is the deadline. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo().catch(() => false))) await delay(20);
}

/** Waits until the API says that a prompt would be answered. */
export async function untilHealthy({ baseUrl }: Stack): Promise<void> {
  await until(async () => (await fetch(new URL('/health', baseUrl))).ok);
}
