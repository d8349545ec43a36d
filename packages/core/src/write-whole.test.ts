import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { writeWhole } from './write-whole.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aistudio-write-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('writeWhole', () => {
  it('replaces the file, private to its owner, and leaves nothing else', async () => {
    const file = join(folder, 'profile.json');
    await writeWhole(file, 'old');
    await writeWhole(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['profile.json']);
  });

  it('leaves no unfinished file when it fails', async () => {
    await expect(writeWhole(join(folder, '.'), 'text')).rejects.toThrow(/rename/);
    await expect(writeWhole(join(folder, 'none/file'), 'text')).rejects.toThrow(/ENOENT/);
    expect(readdirSync(folder)).toEqual(['profile.json']);
  });

  it('lets writers at the same time each write a whole file', async () => {
    const file = join(folder, 'profile.json');
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000));
    await Promise.all(texts.map((text) => writeWhole(file, text)));
    expect(texts).toContain(readFileSync(file, 'utf8'));
  });
});
