import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { connectRedis } from '@aistudio/core';
import { silentLog } from '@aistudio/core/testing';
import { afterAll, describe, expect, it } from '@jest/globals';

import { findRedisServer } from '../packages/launcher/src/programs.ts';
import { type PrivateRedis, startPrivateRedis } from '../packages/launcher/src/redis-server.ts';

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
