import { createHash, randomUUID } from 'node:crypto';
import {
  constants,
  copyFile,
  link,
  mkdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';

import { z } from 'zod';

import {
  isAlive,
  ownIdentity,
  ProcessIdentity,
  type ReadStart,
  readStart,
} from './process-identity.ts';

/** Who holds a lock, as the file says it. */
const Holder = z.object({
  ...ProcessIdentity.shape,
  host: z.string(),
  /** When it took the lock, ISO 8601. */
  since: z.string(),
  /** Port of its API. */
  port: z.number(),
});
export type Holder = z.infer<typeof Holder>;

/** What is locked, and for whom. */
export interface LockRequest {
  /** The lock file; its folder is made when missing. */
  readonly file: string;
  /** Port of the API that this start brings up. */
  readonly port: number;
  /** What is locked, as the subject of a sentence: `The profile work.json`. */
  readonly subject: string;
  /** What to do instead of stopping the holder: `choose another profile with …`. */
  readonly otherwise: string;
}

/** What tests replace: which processes there are, and what this machine is called. */
export interface LockWorld {
  readonly readStart: ReadStart;
  readonly host: string;
}

const REAL: LockWorld = { readStart, host: hostname() };
/** So often a stale lock is removed before we give up: each time another start was faster. */
const MAX_ATTEMPTS = 20;

/**
 * Takes a lock that one process on a machine can hold; disposing gives it back. The lock of a process
 * that has ended is taken over. Throws an error that names the holder and says what to do.
 */
export async function holdLock(
  request: LockRequest,
  world: LockWorld = REAL,
): Promise<AsyncDisposable> {
  const { file, port } = request;
  const since = new Date().toISOString();
  const us = { ...(await ownIdentity(world.readStart)), host: world.host, since, port };
  const content = `${JSON.stringify(us)}\n`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      if (await linkIfFree(draft, file)) break;
      const found = await readIfThere(file);
      if (found === undefined) continue; // given back meanwhile
      await requireStale(found, request, world);
      if (await replaceStale(file, found, draft, request, world)) break;
    }
  } finally {
    await rm(draft, { force: true });
  }
  if ((await readIfThere(file)) !== content) throw new Error(`${request.subject} is in use.`);
  return {
    async [Symbol.asyncDispose]() {
      if ((await readIfThere(file)) === content) await rm(file, { force: true });
    },
  };
}

/**
 * Puts the draft in the place of a stale lock; false when that lock is not there any more. Of several
 * starts that found it, the one that makes the claim may replace it: the name of the claim says which
 * lock it is for, and whoever has the claim looks once more that the lock is still that one.
 */
async function replaceStale(
  file: string,
  found: string,
  draft: string,
  request: LockRequest,
  world: LockWorld,
): Promise<boolean> {
  const claim = `${file}.${createHash('sha256').update(found).digest('hex').slice(0, 16)}`;
  if (!(await linkIfFree(draft, claim))) {
    const claimed = await readIfThere(claim);
    if (claimed === undefined) return false;
    await requireStale(claimed, request, world);
    await rm(claim, { force: true }); // its process was killed before it could replace the lock
    return false;
  }
  try {
    if ((await readIfThere(file)) !== found) return false;
    await rename(draft, file);
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

/** Throws who holds the lock unless that process has ended; on another machine we cannot tell. */
async function requireStale(text: string, request: LockRequest, world: LockWorld): Promise<void> {
  const holder = parseHolder(text);
  if (holder && (holder.host !== world.host || (await isAlive(holder, world.readStart)))) {
    throw new Error(toRefusal(request, holder, world.host));
  }
}

/** Gives a file, whole as it is, a second name; false when that name is taken. */
async function linkIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to).catch((error: unknown) => {
      if (codeOf(error) === 'EEXIST') throw error;
      return copyFile(from, to, constants.COPYFILE_EXCL); // a file system without hard links
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

const readIfThere = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch(() => undefined);

/** Undefined for what is not a lock of ours: then nobody holds it. */
function parseHolder(text: string): Holder | undefined {
  try {
    return Holder.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function toRefusal(request: LockRequest, holder: Holder, host: string): string {
  const { subject, otherwise, file } = request;
  const { pid, since, port } = holder;
  const at = holder.host === host ? '' : ` on ${holder.host}`;
  const who = `process ${pid}${at}, since ${since}, its API on port ${port}`;
  const stop =
    at === '' ? `Stop it (kill ${pid})` : `Stop it there, or delete ${file} if it is gone`;
  return `${subject} is in use: ${who}. ${stop}, or ${otherwise}.`;
}
