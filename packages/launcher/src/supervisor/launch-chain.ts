import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { run } from '../setup/programs.ts';
import { toStatFields } from './process-identity.ts';

/** How often the chain of package managers above us is looked at, ms. */
const LOOK_EVERY_MS = 2000;
/** Where `ps` is needed, it runs at every fifth look. */
const LOOKS_PER_PS = 5;

/** A process as the chain sees it. */
export interface ProcessEntry {
  readonly parent: number;
  /** Its command line. */
  readonly command: string;
}

/** Finds a process by its id. */
export type ReadProcess = (pid: number) => Promise<ProcessEntry | undefined>;

/**
 * The ids of the processes that stand between the person and us, ours first: the shells and package
 * managers of `npx pnpm …`, up to the topmost package manager.
 */
export async function findLaunchChain(read: ReadProcess = readProcess): Promise<readonly number[]> {
  const chain = [process.pid];
  let length = 1;
  for (let pid = process.ppid; pid > 1;) {
    const entry = await read(pid);
    if (!entry) break;
    const isShell = /^\S*sh -c /.test(entry.command);
    const isManager = !isShell && /\b(npm|npx|pnpm)\b/.test(entry.command);
    if (!isShell && !isManager) break;
    chain.push(pid);
    if (isManager) length = chain.length;
    pid = entry.parent;
  }
  return chain.slice(0, length);
}

/** Gives the parents of these processes, those that have ended left out. */
export type ReadParents = (pids: readonly number[]) => Promise<ReadonlyMap<number, number>>;

/**
 * Whether every process of the chain is still the child of the next. We look at the children: an
 * orphan gets another parent at once, while its dead parent may go on being listed.
 */
export async function isIntact(
  chain: readonly number[],
  read: ReadParents = readParents,
): Promise<boolean> {
  const parents = await read(chain.slice(0, -1));
  return chain.slice(0, -1).every((pid, index) => {
    const parent = parents.get(pid);
    return parent === undefined || parent === chain[index + 1];
  });
}

/** What tests replace. */
export interface ChainWorld {
  readonly platform: NodeJS.Platform;
  readonly read: ReadParents;
}

/**
 * Calls `onBroken` once the chain is not intact any more; disposing stops the watch. Nothing tells a
 * process that a grandparent has ended, so we look: on Linux at a few small files, elsewhere mostly
 * at our own parent, because `ps` costs a process each time.
 */
export function watchChain(
  chain: readonly number[],
  onBroken: () => void,
  { platform, read }: ChainWorld = { platform: process.platform, read: readParents },
): Disposable {
  const [, parent] = chain;
  if (parent === undefined) return { [Symbol.dispose]: () => undefined }; // nobody to watch
  let looks = 0;
  const look = async (): Promise<void> => {
    looks += 1;
    const isWholeChain = platform === 'linux' || looks % LOOKS_PER_PS === 0;
    if (process.ppid !== parent || (isWholeChain && !(await isIntact(chain, read)))) onBroken();
  };
  const timer = setInterval(() => {
    look().catch(() => undefined); // cannot look now: look again next time
  }, LOOK_EVERY_MS);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

async function readProcess(pid: number): Promise<ProcessEntry | undefined> {
  try {
    return existsSync('/proc/self/stat') ? await readProc(pid) : await readPs(pid);
  } catch {
    return undefined;
  }
}

async function readProc(pid: number): Promise<ProcessEntry> {
  const [stat, commandLine] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/cmdline`, 'utf8'),
  ]);
  return {
    parent: Number(toStatFields(stat)[1]),
    command: commandLine.replaceAll('\0', ' ').trim(),
  };
}

/** Reads synchronously: these files are made in memory, which is cheaper than a thread's turn. */
async function readParents(pids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (process.platform !== 'linux') return readPsParents(pids);
  return new Map(
    pids.flatMap((pid) => {
      try {
        return [[pid, Number(toStatFields(readFileSync(`/proc/${pid}/stat`, 'utf8'))[1])]];
      } catch {
        return []; // it has ended
      }
    }),
  );
}

/** Of all of them with one `ps`, which fails only when none is left. */
async function readPsParents(pids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const table = await run('ps', ['-o', 'pid=,ppid=', '-p', pids.join(',')]);
  const rows = Array.from(table.matchAll(/^\s*(\d+)\s+(\d+)/gm));
  return new Map(rows.map(([, pid, parent]) => [Number(pid), Number(parent)]));
}

async function readPs(pid: number): Promise<ProcessEntry> {
  const line = await run('ps', ['-o', 'ppid=,args=', '-p', String(pid)]);
  const [, parent, command = ''] = /^\s*(\d+)\s+(.*)/.exec(line) ?? [];
  return { parent: Number(parent), command };
}
