import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { type Log } from './log.ts';
import { type PagePack, parsePagePack } from './page-pack.ts';

/** How often the files are looked at, ms. */
const LOOK_EVERY_MS = 1000;
/** No pack is that large, bytes. */
const MAX_BYTES = 512 * 1024;

/** The page packs in use. */
export interface PackSet {
  /** The first goes before the others: of a folder, the file that is last by name. */
  readonly packs: readonly PagePack[];
  /** Changes with any of them; `none` without packs. */
  readonly digest: string;
  /** What is wrong with files that are not in use, or not as they are now. */
  readonly problems: readonly string[];
}

/** The packs at one path, kept up to date. */
export interface PagePacks extends Disposable {
  readonly current: PackSet;
  /** Looks at once. Never throws: what cannot be read is a problem of the set. */
  refresh(): Promise<PackSet>;
  /** Calls `look` whenever the packs or their problems changed. */
  watch(look: () => void): void;
}

/** No packs at all. */
export const NO_PACKS: PackSet = { packs: [], digest: 'none', problems: [] };

/** How packs are read. */
export interface PagePacksOptions {
  /** PAGE_PACK: a JSON file, or a folder of them. Neither needs to exist yet. */
  readonly path: string;
  /** What is wrong with a pack that its format alone does not show; each by path. */
  readonly check?: (pack: PagePack) => readonly string[];
  readonly log: Log;
}

/** A file as it was read last: its last good pack, and what is wrong with it now. */
interface Entry {
  readonly stamp: string;
  readonly pack: PagePack | undefined;
  readonly problem: string | undefined;
}

/**
 * Reads the page packs at `path` and looks again every second. A file that becomes wrong keeps its
 * last good pack in use; one that is removed takes its pack away.
 */
export async function openPagePacks(options: PagePacksOptions): Promise<PagePacks> {
  const { path, check = () => [], log } = options;
  const watching = new Set<() => void>();
  let entries = new Map<string, Entry>();
  let current = NO_PACKS;

  const read = async (file: string, old: Entry | undefined): Promise<Entry | undefined> => {
    const found = await stat(file).catch(() => undefined); // removed since the folder was listed
    if (!found) return undefined;
    const stamp = `${found.mtimeMs} ${found.size} ${found.ino}`;
    if (old?.stamp === stamp) return old;
    try {
      if (found.size > MAX_BYTES) throw new Error(`larger than ${MAX_BYTES / 1024} KiB`);
      const pack = parsePagePack(await readFile(file, 'utf8'));
      const faults = check(pack);
      if (faults.length > 0) throw new Error(faults.join('; '));
      return { stamp, pack, problem: undefined };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const use = old?.pack ? 'its last good version stays in use' : 'it is not used';
      const problem = `page pack ${file}: ${why}. Correct the file, or remove it: it is read again by itself; until then ${use}.`;
      return { stamp, pack: old?.pack, problem };
    }
  };

  const look = async (): Promise<void> => {
    const next = new Map<string, Entry>();
    for (const file of await filesOf(path)) {
      const entry = await read(file, entries.get(file));
      if (entry) next.set(file, entry);
    }
    entries = next;
    const found = toSet([...next.values()]);
    if (JSON.stringify(found) === JSON.stringify(current)) return;
    const known = new Set(current.problems);
    for (const problem of found.problems) {
      if (!known.has(problem)) log.error('page pack refused', { problem });
    }
    if (found.digest !== current.digest) {
      const names = found.packs.map(({ name }) => name);
      log.info('page packs in use', { packs: names, digest: found.digest });
    }
    current = found;
    for (const changed of watching) changed();
  };

  let looking: Promise<void> = Promise.resolve();
  const refresh = async (): Promise<PackSet> => {
    looking = looking.then(look).catch((error: unknown) => {
      log.warn('page packs not read', { path, error });
    });
    await looking;
    return current;
  };
  await refresh();
  const timer = setInterval(() => void refresh(), LOOK_EVERY_MS);
  timer.unref();
  return {
    get current() {
      return current;
    },
    refresh,
    watch: (changed) => void watching.add(changed),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** The files at a path, the one that goes first at the front. */
async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined); // nothing there: no packs
  if (!found?.isDirectory()) return found ? [path] : [];
  const files = (await readdir(path)).filter((file) => /^[^.].*\.json$/.test(basename(file)));
  return files
    .toSorted()
    .toReversed()
    .map((file) => join(path, file));
}

function toSet(entries: readonly Entry[]): PackSet {
  const packs = entries.flatMap(({ pack }) => pack ?? []);
  const problems = entries.flatMap(({ problem }) => problem ?? []);
  const hash = createHash('sha256').update(JSON.stringify(packs)).digest('hex');
  return { packs, digest: packs.length === 0 ? 'none' : hash.slice(0, 12), problems };
}
