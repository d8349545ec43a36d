import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import {
  findLaunchChain,
  isIntact,
  type ProcessEntry,
  type ReadParents,
  type ReadProcess,
  watchChain,
} from './launch-chain.ts';

const us = process.pid;
const above = process.ppid;

/** `npx pnpm demo` from a shell script, as it looks on Linux. */
const table: Record<number, ProcessEntry> = {
  [us]: { parent: above, command: 'node demo.ts' },
  [above]: { parent: 900_002, command: "sh -c trap '' INT; node demo.ts" },
  900_002: { parent: 900_003, command: 'pnpm demo --serve' },
  900_003: { parent: 900_004, command: "sh -c 'pnpm' demo --serve" },
  900_004: { parent: 900_005, command: 'npm exec pnpm@12 demo --serve' },
  900_005: { parent: 900_006, command: 'bash -c npx -y pnpm@12 demo --serve & wait' },
  900_006: { parent: 1, command: 'bash' },
};
const reading =
  (changed: Record<number, ProcessEntry | undefined> = {}): ReadProcess =>
  (pid) =>
    Promise.resolve({ ...table, ...changed }[pid]);

describe('findLaunchChain', () => {
  it('goes up to the topmost package manager, not to the shell that called it', async () => {
    expect(await findLaunchChain(reading())).toEqual([us, above, 900_002, 900_003, 900_004]);
  });

  it('is ours alone where no package manager started us', async () => {
    const shell = { parent: 900_006, command: 'bash -c node demo.ts & wait' };
    expect(await findLaunchChain(reading({ [above]: shell }))).toEqual([us]);
  });
});

/** What `ps` or /proc says of the parents, with these changes; undefined: it has ended. */
const readingParents =
  (changed: Record<number, number | undefined> = {}): ReadParents =>
  (pids) => {
    const parents = pids.map(
      (pid) => [pid, pid in changed ? changed[pid] : table[pid]?.parent] as const,
    );
    return Promise.resolve(
      new Map(parents.flatMap(([pid, parent]) => (parent === undefined ? [] : [[pid, parent]]))),
    );
  };

describe('isIntact', () => {
  const chain = [us, above, 900_002, 900_003, 900_004];

  it('holds while everyone has the parent it had', async () => {
    expect(await isIntact(chain, readingParents())).toBe(true);
  });

  it('breaks when one of them has become an orphan', async () => {
    expect(await isIntact(chain, readingParents({ 900_002: 1 }))).toBe(false);
  });

  it('is not judged by a process that ends right now: its child becomes an orphan next', async () => {
    expect(await isIntact(chain, readingParents({ 900_002: undefined }))).toBe(true);
  });

  it('holds for this very process', async () => {
    expect(await isIntact(await findLaunchChain())).toBe(true);
    expect(await isIntact([process.pid, process.ppid])).toBe(true);
    expect(await isIntact([process.pid, process.ppid + 1])).toBe(false);
  });
});

describe('watchChain', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it.each([
    ['linux', 30],
    ['darwin', 6],
    ['win32', 6],
  ] as const)('looks at the whole chain on %s %i times a minute', async (platform, times) => {
    let looks = 0;
    const read: ReadParents = (pids) => {
      looks += 1;
      return readingParents()(pids);
    };
    const onBroken = jest.fn();
    const watch = watchChain([us, above, 900_002], onBroken, { platform, read });
    await jest.advanceTimersByTimeAsync(60_000);
    watch[Symbol.dispose]();
    expect(looks).toBe(times);
    expect(onBroken).not.toHaveBeenCalled();
  });
});
