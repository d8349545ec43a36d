import { lstat, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { isAlive, ownIdentity, ProcessIdentity } from '../supervisor/process-identity.ts';

/** Longest path, in bytes, that may hold a unix socket (104 on macOS, 108 on Linux, both with a final 0). */
const LONGEST_SOCKET_PATH = 103;
/** Room for mkdtemp's six characters and the names of sockets inside, in bytes. */
const ROOM_FOR_NAMES = 60;
/** What each of our temporary folders is called, and the file inside that names its process. */
const OUR_FOLDER = /^aistudio-[\w-]+$/;
const OWNER_FILE = '.owner.json';

/** A process of another host (a container that shares the folder) cannot be seen from here. */
const Owner = z.object({ ...ProcessIdentity.shape, host: z.string() });

/** A folder that disposing removes. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes a folder of mode 0700 in the system's temporary folder, or in /tmp where that one's name is
 * too long for the unix sockets inside. It names this process as its owner.
 */
export async function createTemporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const usual = join(await realpath(tmpdir()), prefix);
  const isShort = Buffer.byteLength(usual) + ROOM_FOR_NAMES <= LONGEST_SOCKET_PATH;
  const path = await mkdtemp(isShort ? usual : join('/tmp', prefix));
  const owner = { ...(await ownIdentity()), host: hostname() };
  await writeFile(join(path, OWNER_FILE), JSON.stringify(owner), { mode: 0o600 });
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * Removes our temporary folders whose process was killed. Folders of other users, of processes that
 * run and those that name no process stay. Gives the paths of what it removed.
 */
export async function removeLeftFolders(
  parents: readonly string[] = [...new Set([tmpdir(), '/tmp'])],
): Promise<string[]> {
  const removed: string[] = [];
  for (const parent of parents) {
    const names = await readdir(parent).catch(() => []); // there is none
    for (const name of names.filter((candidate) => OUR_FOLDER.test(candidate))) {
      const path = join(parent, name);
      if (!(await isLeft(path))) continue;
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
      removed.push(path);
    }
  }
  return removed;
}

async function isLeft(path: string): Promise<boolean> {
  try {
    const found = await lstat(path); // a link is not ours
    if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) return false;
    const text = await readFile(join(path, OWNER_FILE), 'utf8');
    const owner = Owner.parse(JSON.parse(text));
    return owner.host === hostname() && !(await isAlive(owner));
  } catch {
    return false; // it names no process: not ours, or being made right now
  }
}
