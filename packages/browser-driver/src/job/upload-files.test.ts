import { readFile, stat } from 'node:fs/promises';

import { describe, expect, it } from '@jest/globals';

import { fileName, writeUploadFiles } from './upload-files.ts';

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
    const part = (data: string) => ({
      type: 'file' as const,
      name: 'a.txt',
      mimeType: 'text/plain',
      data: Buffer.from(data).toString('base64'),
    });
    const files = await writeUploadFiles([part('one'), part('two')]);
    const contents = await Promise.all(files.paths.map((path) => readFile(path, 'utf8')));
    expect(contents).toEqual(['one', 'two']);
    expect((await stat(files.paths[0]!)).mode & 0o077).toBe(0);
    await files[Symbol.asyncDispose]();
    await expect(stat(files.paths[0]!)).rejects.toThrow('ENOENT');
  });
});
