import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { connectRedis, names } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { afterAll, describe, expect, it } from '@jest/globals';

import { forgetPrompts } from '../../packages/launcher/src/redis/forget-prompts.ts';
import {
  type PrivateRedis,
  startPrivateRedis,
} from '../../packages/launcher/src/redis/redis-server.ts';
import { findRedisServer } from '../../packages/launcher/src/setup/programs.ts';

const directory = mkdtempSync(join(tmpdir(), 'aistudio-data-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

async function start(keepsData: boolean): Promise<PrivateRedis> {
  return startPrivateRedis({
    program: (await findRedisServer()) ?? 'redis-server',
    directory,
    queueMaxBytes: 64 * 1024 * 1024,
    keepsData,
    log: silentLog,
    signal: new AbortController().signal,
  });
}

describe('the private Redis', () => {
  it('lets only its own user in, and keeps what it holds when it is to', async () => {
    {
      await using server = await start(true);
      const folder = dirname(server.url.replace('unix://', ''));
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      await using redis = await connectRedis(server.url);
      await redis.set('kept', 'yes');
    }
    await using server = await start(true);
    await using redis = await connectRedis(server.url);
    expect(await redis.get('kept')).toBe('yes');
  });

  it('has a bound on its memory, at which it refuses writes rather than forget', async () => {
    await using server = await start(true);
    await using redis = await connectRedis(server.url);
    const bytes = String((2 * 64 + 256) * 1024 * 1024);
    expect(await redis.config('GET', 'maxmemory')).toEqual(['maxmemory', bytes]);
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual([
      'maxmemory-policy',
      'noeviction',
    ]);
  });

  it('keeps no prompt on the disk once it is answered, nor after its end', async () => {
    const onDisk = (): string =>
      readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
        .join('');
    {
      await using server = await start(true);
      await using redis = await connectRedis(server.url);
      const put = async (id: string, words: string): Promise<void> => {
        await redis.set(names.plan(id), words);
        await redis.hset(names.storedPlans, id, '{}');
        await redis.incr(names.storedCount);
      };
      const forgetting = await forgetPrompts(server.url, silentLog, 20);
      await put('one', 'the words of one prompt');
      expect(onDisk()).toContain('the words of one prompt');
      await redis.del(names.plan('one'), names.storedPlans);
      while (onDisk().includes('the words of one prompt')) await delay(20);
      await put('two', 'the words of another');
      await redis.del(names.plan('two')); // and nobody says that it is over
      await forgetting[Symbol.asyncDispose]();
    }
    expect(onDisk()).not.toContain('the words of');
  });

  it('comes back where it was, with what it held, when it is killed', async () => {
    await using server = await start(true);
    await using redis = await connectRedis(server.url);
    await redis.set('kept', 'still');
    const pid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
    process.kill(pid, 'SIGKILL');
    expect(await redis.get('kept')).toBe('still'); // waits for the reconnect
    expect(await redis.info('server')).not.toContain(`process_id:${pid}`);
  });
});
