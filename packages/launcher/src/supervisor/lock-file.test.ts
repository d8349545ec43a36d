import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { holdLock, type LockWorld } from './lock-file.ts';
import { readStart } from './process-identity.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aistudio-lock-'));
  file = join(folder, 'data/redis.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const request = (port = 2048): Parameters<typeof holdLock>[0] => ({
  file,
  port,
  subject: 'The data folder data',
  otherwise: 'set DATA_DIR',
});

/** A machine on which these processes run: process id → when it began. */
const machine = (starts: Readonly<Record<number, string>>, host = 'here'): LockWorld => ({
  host,
  readStart: (pid) => Promise.resolve({ [process.pid]: 'now', ...starts }[pid]),
});

/** The lock of another process. */
function plantLock(pid: number, startedAt: string, host = 'here'): void {
  const holder = { pid, startedAt, host, since: '2026-11-27T10:00:00.000Z', port: 2048 };
  file = join(folder, 'lock');
  writeFileSync(file, JSON.stringify(holder));
}

describe('a lock file', () => {
  it('names who holds it, since when and on which port, and what to do', async () => {
    plantLock(4711, 'monday');
    await expect(holdLock(request(2058), machine({ 4711: 'monday' }))).rejects.toThrow(
      'The data folder data is in use: process 4711, since 2026-11-27T10:00:00.000Z, its API on port 2048. Stop it (kill 4711), or set DATA_DIR.',
    );
  });

  it('is given back', async () => {
    const lock = await holdLock(request());
    await expect(holdLock(request())).rejects.toThrow('is in use');
    await lock[Symbol.asyncDispose]();
    expect(readdirSync(join(folder, 'data'))).toEqual([]);
    await using again = await holdLock(request());
    expect(again).toBeDefined();
  });

  it.each([
    ['has ended', {}],
    ['has ended and another one has its id', { 4711: 'tuesday' }],
  ])('is stale when its process %s', async (_, processes) => {
    plantLock(4711, 'monday');
    await using lock = await holdLock(request(), machine(processes));
    expect(lock).toBeDefined();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('is not judged from another machine, which cannot see the process', async () => {
    plantLock(4711, 'monday', 'there');
    await expect(holdLock(request(), machine({}))).rejects.toThrow(
      `process 4711 on there, since 2026-11-27T10:00:00.000Z, its API on port 2048. Stop it there, or delete ${file} if it is gone`,
    );
  });

  it('is held by nobody when it cannot be read', async () => {
    plantLock(1, 'x');
    writeFileSync(file, '{"pid":');
    await using lock = await holdLock(request());
    expect(lock).toBeDefined();
  });

  it('goes to one of many that start at once, also where a stale one lies', async () => {
    for (let round = 0; round < 20; round += 1) {
      plantLock(4711, 'monday');
      const starts = Array.from({ length: 8 }, (_, index) =>
        holdLock(request(3000 + index), machine({})),
      );
      const results = await Promise.allSettled(starts);
      const held = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
      expect(held).toHaveLength(1);
      await held[0]?.[Symbol.asyncDispose]();
      expect(existsSync(file)).toBe(false);
    }
  });

  it('is stale as soon as its process is killed', async () => {
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    const ended = once(holder, 'exit');
    try {
      await once(holder, 'spawn');
      plantLock(holder.pid ?? 0, (await readStart(holder.pid ?? 0)) ?? 'none', hostname());
      await expect(holdLock(request())).rejects.toThrow(`kill ${holder.pid}`);
    } finally {
      holder.kill('SIGKILL');
      await ended;
    }
    await using lock = await holdLock(request());
    expect(lock).toBeDefined();
  });
});
