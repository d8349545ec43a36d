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

  it('keeps neither prompts nor answers on the disk once they are over, nor after its end', async () => {
    const onDisk = (): string =>
      readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
        .join('');
    {
      await using server = await start(true);
      await using redis = await connectRedis(server.url);
      const ask = async (id: string, words: string): Promise<void> => {
        await redis.set(names.plan(id), words);
        await redis.hset(names.storedPlans, id, '{}');
        await redis.incr(names.storedCount);
      };
      const answer = async (id: string, words: string, ms: number): Promise<void> => {
        for (const key of [names.events(id), names.capture(id)]) {
          await redis.xadd(key, '*', 'event', words);
          await redis.pexpire(key, ms);
        }
        await redis.del(names.plan(id), names.storedPlans);
      };
      const limits = { everyMs: 20, answersMs: 2000 };
      const forgetting = await forgetPrompts(server.url, silentLog, limits);
      await ask('one', 'the words of one prompt');
      expect(onDisk()).toContain('the words of one prompt');
      await answer('one', 'the words of one answer', 1000);
      while (onDisk().includes('the words of one prompt')) await delay(20);
      while (onDisk().includes('the words of one answer')) await delay(20);
      await ask('two', 'the words of another'); // and nobody says that it is over
      await ask('three', 'the words of a third');
      await answer('three', 'the words of an answer', 600_000);
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
