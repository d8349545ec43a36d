import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { parseProfile } from '@aistudio/core';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { root } from '../support/demo-command.ts';
import { createSeeded } from '../support/seeded.ts';

const KILLS = 100;
const SEED = 20_261_122;
/** Up to so long a writer lives: some writes each, ms. */
const LIFE_MS = 30;

/** Writes profiles of many sizes to a file, one after the other, until it is killed. */
const WRITER = `
  const { writeProfile } = await import(${JSON.stringify(join(root, 'packages/core/dist/profile.js'))});
  const rest = { domain: '.google.com', path: '/', expires: -1, httpOnly: true, secure: true, sameSite: 'None' };
  for (let round = 0; ; round++) {
    const value = String(round % 10).repeat(1 + (round * 7919) % 50_000);
    await writeProfile(process.argv[1], { cookies: [{ name: 'SID', value, ...rest }], origins: [] });
    if (round === 0) process.send('writing');
  }`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistudio-death-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts a writer and kills it so many ms after its first write. */
async function killWriter(file: string, afterMs: number): Promise<void> {
  const writer = spawn(process.execPath, ['--input-type=module', '--eval', WRITER, file], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(writer, 'message');
  await delay(afterMs); // the moment is what the test chooses
  writer.kill('SIGKILL');
  await once(writer, 'exit');
}

jest.setTimeout(300_000);

describe('a profile', () => {
  it(`is whole and valid whenever its writer is killed (${KILLS} times)`, async () => {
    const seeded = createSeeded(SEED);
    const file = join(folder, 'work.json');
    let unfinished = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      await killWriter(file, seeded.below(LIFE_MS * 1000) / 1000);
      const value = parseProfile(await readFile(file, 'utf8'), file).cookies[0]?.value ?? '';
      expect(value).toBe(value.slice(0, 1).repeat(value.length)); // of one write, not of two
      const left = (await readdir(folder)).filter((name) => name.endsWith('.tmp'));
      unfinished += left.length;
      await Promise.all(left.map((name) => rm(join(folder, name))));
    }
    expect(unfinished).toBeGreaterThan(KILLS / 10); // it did hit writers at work
  });
});
