import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';

import { type FilePart, type ReadFile } from '@aistudio/core';

/** By which extension Chromium knows a type. The page goes by the type that Chromium tells it. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/webp': '.webp',
  'image/gif': '.gif',
  'application/pdf': '.pdf',
  'audio/wav': '.wav',
  'audio/x-wav': '.wav',
  'audio/mpeg': '.mp3',
  'audio/mp3': '.mp3',
  'video/mp4': '.mp4',
  'text/plain': '.txt',
  'text/markdown': '.md',
  'text/csv': '.csv',
  'text/html': '.html',
  'application/json': '.json',
};

/** Files on disk, in their order, until disposed. */
export interface UploadFiles extends AsyncDisposable {
  readonly paths: readonly string[];
}

/**
 * Writes files where only we can read them: bytes that go to the browser over its control
 * connection stall it when there are many of them (page.md §7).
 */
export async function writeUploadFiles(
  files: readonly FilePart[],
  readFile: ReadFile,
): Promise<UploadFiles> {
  if (files.length === 0) return { paths: [], [Symbol.asyncDispose]: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'aistudio-upload-')); // mode 0700
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const paths: string[] = [];
  try {
    for (const [index, file] of files.entries()) {
      const own = join(folder, String(index)); // two files may have one name
      await mkdir(own);
      const path = join(own, fileName(file));
      await writeFile(path, readFile(file), { mode: 0o600 });
      paths.push(path);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { paths, [Symbol.asyncDispose]: remove };
}

/** The client's name for a file, made safe, with the extension of its type. */
export function fileName({ name, mimeType }: Pick<FilePart, 'name' | 'mimeType'>): string {
  const wanted = EXTENSIONS[mimeType.toLowerCase().split(';')[0]?.trim() ?? ''];
  const base = name.split(/[/\\]/).at(-1) ?? '';
  // oxlint-disable-next-line no-control-regex -- control characters are what must go
  const safe = base.replace(/[\u0000-\u001f<>:"|?*]/g, '_').slice(-100);
  const isNamed = safe.replaceAll('.', '') !== '';
  const given = extname(safe).toLowerCase();
  const isRight =
    wanted === undefined || given === wanted || (given === '.jpeg' && wanted === '.jpg');
  return `${isNamed ? safe : 'file'}${isRight ? '' : wanted}`;
}
