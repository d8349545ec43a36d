import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longest path, in bytes, that may hold a unix socket (104 on macOS, 108 on Linux, both with a final 0). */
const LONGEST_SOCKET_PATH = 103;
/** Room for mkdtemp's six characters and the names of sockets inside, in bytes. */
const ROOM_FOR_NAMES = 30;

/** A folder that disposing removes. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes a folder of mode 0700 in the system's temporary folder, or in /tmp where that one's name is
 * too long for the unix sockets inside.
 */
export async function createTemporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const usual = join(await realpath(tmpdir()), prefix);
  const isShort = Buffer.byteLength(usual) + ROOM_FOR_NAMES <= LONGEST_SOCKET_PATH;
  const path = await mkdtemp(isShort ? usual : join('/tmp', prefix));
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
