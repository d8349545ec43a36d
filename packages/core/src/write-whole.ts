import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** No writer takes that long, ms. */
const ABANDONED_AFTER_MS = 60_000;

/**
 * Writes a file of mode 0600 so that, whenever this process or the machine dies, its name leads to
 * the whole old content or the whole new one.
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  const folder = dirname(file);
  // in the same folder: only within one file system is a rename one step
  const unfinished = join(folder, `.${basename(file)}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    const handle = await open(unfinished, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync(); // the content before the name
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Makes the new name last; some systems cannot, and then it lasts a little later. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Removes what writers of this file left behind that were killed at it. */
export async function removeUnfinished(file: string): Promise<void> {
  const folder = dirname(file);
  const names = await readdir(folder).catch(() => []); // not there: nothing is left
  const unfinished = names
    .filter((name) => name.startsWith(`.${basename(file)}.`) && name.endsWith('.tmp'))
    .map((name) => join(folder, name));
  for (const path of unfinished) {
    const writtenAt = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity, // finished meanwhile
    );
    if (Date.now() - writtenAt > ABANDONED_AFTER_MS) await rm(path, { force: true });
  }
}
