import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { silentLog } from '@aistudio/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { openPagePacks, type PagePacks } from './page-pack-files.ts';

let folder: string;
let packs: PagePacks | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistudio-pack-'));
});
afterEach(async () => {
  packs?.[Symbol.dispose]();
  packs = undefined;
  await rm(folder, { recursive: true, force: true });
});

const write = (file: string, name: string, css = 'a'): Promise<void> =>
  writeFile(
    join(folder, file),
    JSON.stringify({ version: 1, name, selectors: { turn: [css, name] } }),
  );
const open = async (path = folder, known = true): Promise<PagePacks> => {
  const check = (): string[] => (known ? [] : ['selectors.turn: unknown element']);
  packs = await openPagePacks({ path, check, log: silentLog });
  return packs;
};
const names = ({ current }: PagePacks): string[] => current.packs.map(({ name }) => name);

describe('openPagePacks', () => {
  it('has nothing where nothing is, until a file comes', async () => {
    const path = join(folder, 'later');
    const opened = await open(path);
    expect(opened.current).toEqual({ packs: [], digest: 'none', problems: [] });
    await mkdir(path);
    await write('later/fix.json', 'fix');
    await opened.refresh();
    expect(names(opened)).toEqual(['fix']);
  });

  it('puts the file that is last by name first, and leaves out what is no pack', async () => {
    await Promise.all([
      write('10-old.json', 'old'),
      write('20-new.json', 'new'),
      write('.hidden.json', 'hidden'),
      write('notes.txt', 'notes'),
    ]);
    expect(names(await open())).toEqual(['new', 'old']);
  });

  it('reads one file alone', async () => {
    await write('one.json', 'one');
    await write('two.json', 'two');
    expect(names(await open(join(folder, 'one.json')))).toEqual(['one']);
  });

  it('tells those who watch of a change, once, with another digest', async () => {
    await write('fix.json', 'one');
    const opened = await open();
    const before = opened.current.digest;
    let changes = 0;
    opened.watch(() => changes++);
    await opened.refresh();
    expect(changes).toBe(0);
    await write('fix.json', 'second');
    await opened.refresh();
    await opened.refresh();
    expect(changes).toBe(1);
    expect(opened.current.digest).not.toBe(before);
  });

  it('notices a change without being asked', async () => {
    const opened = await open();
    const changed = new Promise<void>((resolve) => opened.watch(resolve));
    await write('fix.json', 'fix');
    await changed;
    expect(names(opened)).toEqual(['fix']);
  });

  it('keeps the last good version of a file that becomes wrong, and says where it is wrong', async () => {
    await write('fix.json', 'good');
    const opened = await open();
    const { digest } = opened.current;
    await writeFile(join(folder, 'fix.json'), '{"version": 1, "name": "bad", "selectors": 3}');
    await opened.refresh();
    expect(names(opened)).toEqual(['good']);
    expect(opened.current.digest).toBe(digest);
    expect(opened.current.problems).toEqual([
      expect.stringMatching(/fix\.json: selectors: .*last good version stays in use/),
    ]);
    await write('fix.json', 'better');
    await opened.refresh();
    expect(names(opened)).toEqual(['better']);
    expect(opened.current.problems).toEqual([]);
  });

  it('does not let one wrong file keep the others from use', async () => {
    await write('good.json', 'good');
    await writeFile(join(folder, 'bad.json'), 'nonsense');
    const opened = await open();
    expect(names(opened)).toEqual(['good']);
    expect(opened.current.problems).toEqual([expect.stringMatching(/bad\.json: not JSON/)]);
  });

  it('takes away the pack of a file that was removed', async () => {
    await write('fix.json', 'fix');
    const opened = await open();
    await rm(join(folder, 'fix.json'));
    await opened.refresh();
    expect(opened.current.digest).toBe('none');
  });

  it('refuses what the format allows and the program does not know', async () => {
    await write('fix.json', 'fix');
    const opened = await open(folder, false);
    expect(names(opened)).toEqual([]);
    expect(opened.current.problems).toEqual([
      expect.stringContaining('selectors.turn: unknown element'),
    ]);
  });
});
