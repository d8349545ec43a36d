import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { run } from './programs.ts';

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

/**
 * Whether every process of the chain is still the child of the next. We look at the children: an
 * orphan gets another parent at once, while its dead parent may go on being listed.
 */
export async function isIntact(
  chain: readonly number[],
  read: ReadProcess = readProcess,
): Promise<boolean> {
  const parents = await Promise.all(chain.slice(0, -1).map(read));
  return parents.every((entry, index) => !entry || entry.parent === chain[index + 1]);
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
  // pid (name) state parent …: the name may hold anything, also blanks and parentheses
  const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  return { parent: Number(parent), command: commandLine.replaceAll('\0', ' ').trim() };
}

async function readPs(pid: number): Promise<ProcessEntry> {
  const line = await run('ps', ['-o', 'ppid=,args=', '-p', String(pid)]);
  const [, parent, command = ''] = /^\s*(\d+)\s+(.*)/.exec(line) ?? [];
  return { parent: Number(parent), command };
}
