import { readdirSync, readFileSync } from 'node:fs';

import { type Stack } from '../e2e/support/stack.ts';

/** Our own processes: not the simulator, nor Redis, nor Chromium. */
export const OURS = ['launcher', 'api', 'browser-driver', 'stream-proxy'] as const;
export type Ours = (typeof OURS)[number];

/** The process id of one of ours. Throws when it does not run. */
export function pidOf(stack: Stack, name: Ours): number {
  const pid = name === 'launcher' ? stack.pid : stack.pidOf(name);
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}

/** How long a process has computed so far, all its threads together, ms. Linux only: NaN elsewhere. */
export function cpuMs(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const spent = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const [ns = ''] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return Number(ns) / 1e6;
  });
  return spent.reduce((sum, ms) => sum + ms, 0);
}

/** A process's share of memory: what it has alone, and its part of what it shares, MB. Linux only: NaN elsewhere. */
export function pssMb(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]) / 1024;
}
