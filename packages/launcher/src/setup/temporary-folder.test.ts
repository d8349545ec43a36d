import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { ownIdentity } from '../supervisor/process-identity.ts';
import { createTemporaryFolder, removeLeftFolders } from './temporary-folder.ts';

let parent: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'aistudio-sweep-'));
});
afterAll(() => rmSync(parent, { recursive: true }));

function plant(name: string, owner: string | undefined): void {
  mkdirSync(join(parent, name, 'inside'), { recursive: true });
  if (owner !== undefined) writeFileSync(join(parent, name, '.owner.json'), owner);
}

it('removes folders whose process was killed, and none of anybody else', async () => {
  const { pid } = spawnSync('true'); // it has ended
  const dead = JSON.stringify({ pid, startedAt: 'boot:1', host: hostname() });
  const alive = { ...(await ownIdentity()), host: hostname() };
  plant('aistudio-redis-dead01', dead);
  plant('aistudio-demo-dead02', dead);
  plant('aistudio-run-reused', JSON.stringify({ ...alive, startedAt: 'boot:1' }));
  plant('aistudio-redis-alive1', JSON.stringify(alive));
  plant('aistudio-redis-noowner', undefined);
  plant('aistudio-redis-broken', '{"pid":');
  plant('aistudio-run-there1', JSON.stringify({ pid, startedAt: 'boot:1', host: 'there' }));
  plant('elsewhere', dead);
  symlinkSync(join(parent, 'elsewhere'), join(parent, 'aistudio-redis-link01'));

  const removed = await removeLeftFolders([parent, join(parent, 'missing')]);
  expect(removed.map((path) => path.slice(parent.length + 1)).toSorted()).toEqual([
    'aistudio-demo-dead02',
    'aistudio-redis-dead01',
    'aistudio-run-reused',
  ]);
  expect(readdirSync(parent).toSorted()).toEqual([
    'aistudio-redis-alive1',
    'aistudio-redis-broken',
    'aistudio-redis-link01',
    'aistudio-redis-noowner',
    'aistudio-run-there1',
    'elsewhere',
  ]);
});

it('leaves the folders of this process to itself', async () => {
  await using folder = await createTemporaryFolder('aistudio-run-');
  await removeLeftFolders([tmpdir()]);
  expect(readdirSync(folder.path)).toEqual(['.owner.json']);
});
