import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { run } from '../setup/programs.ts';

/** One life of one process: its id and when it began, because ids are used again. */
export const ProcessIdentity = z.object({
  pid: z.number().int().positive(),
  /** Differs between two processes of the same id. */
  startedAt: z.string(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** Gives when the process of that id began; undefined when there is none. */
export type ReadStart = (pid: number) => Promise<string | undefined>;

/** The identity of this process. */
export async function ownIdentity(read: ReadStart = readStart): Promise<ProcessIdentity> {
  return { pid: process.pid, startedAt: (await read(process.pid)) ?? '' };
}

/** Whether that very process still runs, and not another one that has its id now. */
export async function isAlive(
  { pid, startedAt }: ProcessIdentity,
  read: ReadStart = readStart,
): Promise<boolean> {
  return (await read(pid)) === startedAt;
}

/** On Linux `<id of the boot>:<clock ticks since then>`, elsewhere the date that `ps` shows. */
export async function readStart(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return readPs(pid);
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const fields = toStatFields(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    const [state, ticks] = [fields[0], fields[19]];
    return state === 'Z' ? undefined : `${boot}:${ticks}`; // a zombie has ended
  } catch {
    return undefined;
  }
}

/** The fields of /proc/PID/stat behind the name, which may hold anything: state, parent, … */
export function toStatFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

async function readPs(pid: number): Promise<string | undefined> {
  // the same date for whoever asks; ps fails when there is no such process
  const ps = ['LC_ALL=C', 'TZ=UTC', 'ps', '-o', 'lstart=', '-p', String(pid)];
  const started = await run('env', ps).catch(() => '');
  return started.trim() || undefined;
}
