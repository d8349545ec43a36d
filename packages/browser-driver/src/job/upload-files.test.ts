import { readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';

import { type FilePart, StudioError } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { fileName, writeUploadFiles } from './upload-files.ts';

const file = (number: number): FilePart => {
  const alike = { name: 'a.txt', mimeType: 'text/plain', size: 3, digest: '' };
  return { type: 'file', number, ...alike };
};
async function* stored(number: number): AsyncGenerator<Buffer> {
  yield Buffer.from('o');
  yield Buffer.from(['ne', 'ther'][number] ?? '');
}

describe('fileName', () => {
  it.each([
    ['a.png', 'image/png', 'a.png'],
    ['photo.JPEG', 'image/jpeg', 'photo.JPEG'],
    ['file', 'application/pdf', 'file.pdf'],
    ['song.bin', 'audio/mpeg', 'song.bin.mp3'],
    ['../../etc/passwd', 'text/plain', 'passwd.txt'],
    ['C:\\x\\y.wav', 'audio/wav', 'y.wav'],
    ['..', 'image/gif', 'file.gif'],
    ['naïve 漢字.md', 'text/markdown', 'naïve 漢字.md'],
    ['kept.xyz', 'application/octet-stream', 'kept.xyz'],
  ])('%j of type %s becomes %j', (name, mimeType, expected) => {
    expect(fileName({ name, mimeType })).toBe(expected);
  });
});

describe('writeUploadFiles', () => {
  it('keeps files of one name apart, readable by us alone, and removes them', async () => {
    const files = await writeUploadFiles([file(0), file(1)], ({ number }) => stored(number));
    const contents = await Promise.all(files.paths.map((path) => readFile(path, 'utf8')));
    expect(contents).toEqual(['one', 'other']);
    expect((await stat(files.paths[0]!)).mode & 0o077).toBe(0);
    await files[Symbol.asyncDispose]();
    await expect(stat(files.paths[0]!)).rejects.toThrow('ENOENT');
  });

  it('leaves nothing behind when a file is no longer stored', async () => {
    const before = await readdir(tmpdir());
    const read = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('o');
      throw new StudioError('not_ready', 'gone');
    };
    await expect(writeUploadFiles([file(0)], read)).rejects.toThrow('gone');
    const left = (await readdir(tmpdir())).filter((name) => !before.includes(name));
    expect(left.filter((name) => name.startsWith('aistudio-upload-'))).toEqual([]);
  });
});
