import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { untilWarm } from '../chat.ts';
import { type Bench, type Figure } from '../figure.ts';
import { cpuMs, OURS, type Ours, pidOf, pssMb } from '../process-usage.ts';

/** What a process has begun with must be over: V8 tidies up for a while. */
const SETTLE_MS = 25_000;
const LASTS_MS = 20_000;

/** What nobody pays for: a process's share of one core while nothing is asked, as a percentage. */
const idleOf = (...names: readonly Ours[]): Figure => ({
  name: `idle CPU of ${names.length > 1 ? 'all our processes' : names.join('')}`,
  unit: '%',
  targets: names.length > 1 ? [[1, 0.3]] : [],
  floorName: 'a Node process with a timer of 1 s',
  async measure(bench) {
    await untilIdle(bench);
    const pids = names.map((name) => pidOf(bench.stack, name));
    const bare = await startBareNode();
    const [samples, floor] = await Promise.all([shareOf(pids), shareOf([bare.pid])]);
    await bare.end();
    return { samples: [samples], floor: [floor * pids.length] };
  },
});

export const idleFigures: readonly Figure[] = [
  idleOf(...OURS),
  ...OURS.map((name) => idleOf(name)),
];

/** Memory of our own processes together, after a few answers. */
export const footprint: Figure = {
  name: 'memory of all our processes, shared parts divided (PSS)',
  unit: 'MB',
  targets: [[1, 200]],
  floorName: 'as many Node processes that do nothing',
  async measure(bench) {
    await untilIdle(bench);
    const ours = OURS.map((name) => pssMb(pidOf(bench.stack, name)));
    const bare = await Promise.all(OURS.map(startBareNode));
    const floor = bare.map(({ pid }) => pssMb(pid));
    await Promise.all(bare.map(({ end }) => end()));
    return { samples: [sum(ours)], floor: [sum(floor)] };
  },
};

let isSettled = false;
async function untilIdle(bench: Bench): Promise<void> {
  await untilWarm(bench);
  if (!isSettled) await delay(SETTLE_MS);
  isSettled = true;
}

async function shareOf(pids: readonly number[]): Promise<number> {
  const before = sum(pids.map(cpuMs));
  await delay(LASTS_MS);
  return ((sum(pids.map(cpuMs)) - before) / LASTS_MS) * 100;
}

async function startBareNode(): Promise<{
  readonly pid: number;
  readonly end: () => Promise<void>;
}> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log()']);
  await once(child.stdout, 'data');
  return {
    pid: child.pid ?? 0,
    async end() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
