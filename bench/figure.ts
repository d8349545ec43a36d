import { type RedisConnection } from '@aistudio/core';
import { type Page } from 'playwright';

import { type Simulator } from '../e2e/support/simulator.ts';
import { type Stack } from '../e2e/support/stack.ts';

/** What figures are measured on: the whole system against the simulator, and the bare primitives. */
export interface Bench {
  readonly stack: Stack;
  readonly simulator: Simulator;
  /** The system's own Redis. */
  readonly redis: RedisConnection;
  /** An empty page of a Chromium of our own: what the browser costs without us. */
  readonly page: Page;
  /** Divides the number of runs, for a quick look. */
  readonly hurry: number;
}

/** A place in the sorted samples, as a share of their number; 1 = the largest. */
export type Quantile = 0.5 | 0.95 | 0.99 | 1;

/** What a figure came to. */
export interface Measurement {
  readonly samples: readonly number[];
  /** The same for the primitive that the figure cannot be better than. */
  readonly floor: readonly number[];
}

/** One line of the targets table. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'MB' | '%' | 'connections';
  readonly targets: readonly (readonly [Quantile, number])[];
  /** What the floor is. */
  readonly floorName: string;
  measure(bench: Bench): Promise<Measurement>;
}

/** The sample at this place; NaN when there are none. */
export function quantile(samples: readonly number[], share: Quantile): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Epoch ms with fractions: comparable between processes of one machine. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Runs `work` so many times, one after another (fewer in a hurry, but never none). */
export async function repeat<T>(
  times: number,
  { hurry }: Pick<Bench, 'hurry'>,
  work: (round: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (let round = 0; round < Math.max(1, times / hurry); round++) results.push(await work(round));
  return results;
}
