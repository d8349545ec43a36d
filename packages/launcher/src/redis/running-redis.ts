import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connectRedis, readStatuses, type RedisConnection } from '@aistudio/core';

/** Where `pnpm start` puts the socket of its private Redis (redis-server.ts). */
const FOLDERS = [...new Set([tmpdir(), '/tmp'])];
const FOLDER_NAME = /^aistudio-redis-/;

/** Which running system is meant. */
export interface RunningSystem {
  /** REDIS_URL; undefined: the system has a private Redis. */
  readonly redisUrl: string | undefined;
  /** Port of its API. */
  readonly port: number;
}

/**
 * The Redis of a system that runs on this machine. Throws an error that says what to do when no
 * such system runs.
 */
export async function connectToRunning(system: RunningSystem): Promise<RedisConnection> {
  const { redisUrl, port } = system;
  const urls = redisUrl === undefined ? await privateRedisUrls() : [redisUrl];
  for (const url of urls) {
    const redis = await connectRedis(url).catch(() => undefined); // a socket that was left behind
    if (!redis) continue;
    if (redisUrl !== undefined || (await isOfPort(redis, port))) return redis;
    await redis[Symbol.asyncDispose]();
  }
  throw new Error(
    redisUrl === undefined
      ? `No system runs here whose API is on port ${port}. Start it with \`pnpm start\`, or set PORT or REDIS_URL.`
      : 'Redis does not answer at REDIS_URL. Is the system running?',
  );
}

async function privateRedisUrls(): Promise<string[]> {
  const found = await Promise.all(
    FOLDERS.map(async (folder) => {
      const names = await readdir(folder).catch(() => []); // there is none
      return names
        .filter((name) => FOLDER_NAME.test(name))
        .map((name) => `unix://${join(folder, name, 'redis.sock')}`);
    }),
  );
  return found.flat();
}

async function isOfPort(redis: RedisConnection, port: number): Promise<boolean> {
  const statuses = await readStatuses(redis);
  return statuses.some(
    ({ kind, detail }) => kind === 'api' && String(detail['url']).endsWith(`:${port}`),
  );
}
