import { beforeEach, describe, expect, it } from '@jest/globals';

import { type LoopSample, watchEventLoop } from './event-loop.ts';
import { type Log } from './log.ts';

/** Whether something goes on all the time. */
let goesOn: boolean;
beforeEach(() => {
  goesOn = true;
});
/** Whether the delay is sampled at each look. */
let sampled: boolean[];

/** Watches a loop that is found as these samples say, one after the other; gives the warnings. */
async function watchLoop(...samples: readonly LoopSample[]): Promise<unknown[][]> {
  let isOn = false;
  const sampling: boolean[] = [];
  sampled = sampling;
  const warnings: unknown[][] = [];
  const log = { warn: (...line: unknown[]) => warnings.push(line) } as unknown as Log;
  const left = [...samples];
  await new Promise<void>((resolve) => {
    const meter = {
      start: () => void (isOn = true),
      stop: () => void (isOn = false),
      take() {
        sampling.push(isOn);
        const sample = left.shift();
        if (!sample) {
          watch[Symbol.dispose]();
          resolve();
        }
        return sample ?? { meanMs: 0, maxMs: 0, cpuMs: 0 };
      },
      [Symbol.dispose]: () => undefined,
    };
    const watch = watchEventLoop(log, meter, 1);
    watch.during('what is over')[Symbol.dispose]();
    if (goesOn) watch.during('what goes on');
  });
  return warnings;
}

describe('watchEventLoop', () => {
  it('warns of a block, with what went on at any time since the look before', async () => {
    expect(await watchLoop({ meanMs: 2, maxMs: 120.4, cpuMs: 130 })).toEqual([
      ['the event loop was blocked', { ms: 120, during: ['what is over', 'what goes on'] }],
    ]);
  });

  it('warns once of many blocks', async () => {
    const block = { meanMs: 2, maxMs: 120, cpuMs: 130 };
    expect(await watchLoop(block, block, block)).toHaveLength(1);
  });

  it('does not warn of short delays, nor of those in which the process computed little', async () => {
    const short = { meanMs: 2, maxMs: 49, cpuMs: 130 };
    const notOurs = { meanMs: 200, maxMs: 900, cpuMs: 100 };
    expect(await watchLoop(short, notOurs)).toEqual([]);
  });

  it('leaves a process asleep that does nothing, and wakes when it computes or begins something', async () => {
    const idle = { meanMs: 0, maxMs: 0, cpuMs: 2 };
    const busy = { meanMs: 0, maxMs: 0, cpuMs: 90 };
    goesOn = false;
    await watchLoop(idle, idle, idle, idle, idle, busy, idle);
    expect(sampled.slice(0, 7)).toEqual([true, true, true, true, false, false, true]);
    goesOn = true;
    await watchLoop(idle, idle, idle, idle, idle, idle);
    expect(sampled.every(Boolean)).toBe(true);
  });
});
