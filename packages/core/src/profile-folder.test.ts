import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { findProfile, openProfileFolder, type ProfileFolder } from './profile-folder.ts';

const PROFILE = { cookies: [], origins: [] };
let directory: string;
let folder: ProfileFolder;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'aistudio-profiles-')), 'auth_profiles');
  folder = openProfileFolder(directory);
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

describe('the folder of profiles', () => {
  it('makes the one saved last active, until another is chosen', async () => {
    expect([await folder.list(), await folder.active()]).toEqual([[], 'default']);
    const file = await folder.save('work', PROFILE);
    await folder.save('a@example.org', PROFILE);
    expect(await folder.list()).toEqual(['a@example.org', 'work']);
    expect(await folder.active()).toBe('a@example.org');
    await folder.choose('work');
    expect(await folder.active()).toBe('work');
    expect([statSync(directory).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it('goes by what is there when the active one was deleted', async () => {
    await folder.save('one', PROFILE);
    await folder.save('two', PROFILE);
    rmSync(folder.fileOf('two'));
    expect(await folder.active()).toBe('one');
  });

  it('refuses names that lead elsewhere, and to choose what is not there', async () => {
    for (const name of ['../evil', '.hidden', '', 'a/b']) {
      expect(() => folder.fileOf(name)).toThrow(/name/);
    }
    await expect(folder.choose('none')).rejects.toThrow(/no profile 'none'/);
  });

  it('finds what AUTH_PROFILE names before the active one', async () => {
    const file = await folder.save('work', PROFILE);
    const given = { AUTH_PROFILES_DIR: directory };
    expect(await findProfile(given)).toBe(file);
    expect(await findProfile({ ...given, AUTH_PROFILE: '/other.json' })).toBe('/other.json');
  });
});
