import { type DriftResult, startDriftStack } from './drift-run.ts';

/** What one seed came to. */
export interface SeedResult {
  readonly seed: number;
  readonly results: readonly DriftResult[];
  /** What the page had changed, as text for people; empty when every check was answered. */
  readonly changes: readonly string[];
  /** What the processes have logged meanwhile. */
  readonly log: string;
}

/** Which seeds are run, and on how many systems side by side. */
export interface SeedRun {
  readonly first: number;
  readonly last: number;
  readonly stacks: number;
  /** Called after each seed, and waited for. */
  readonly onResult: (result: SeedResult) => void | Promise<void>;
}

/** The seeds that `DRIFT_SEEDS=1-20` names (`=7-7` one alone), else those given. */
export function namedSeeds(usual: string): { first: number; last: number } {
  const [first = 1, last = first] = (process.env['DRIFT_SEEDS'] ?? usual).split('-').map(Number);
  return { first, last };
}

/** Runs every check under each seed. Throws when a system cannot be started or a check cannot be made. */
export async function runSeeds({ first, last, stacks, onResult }: SeedRun): Promise<void> {
  let next = first;
  const work = async (): Promise<void> => {
    await using stack = await startDriftStack();
    while (next <= last) {
      const seed = next++;
      const results = await stack.run(seed);
      const isAnswered = results.every(({ verdict }) => verdict === 'answered');
      const changes = isAnswered ? [] : await stack.changes();
      await onResult({ seed, results, changes, log: stack.log() });
    }
  };
  await Promise.all(Array.from({ length: Math.min(stacks, last - first + 1) }, work));
}

/** The results that never may be: see `drift-checks.ts`. */
export const unacceptable = (results: readonly DriftResult[]): DriftResult[] =>
  results.filter(({ verdict }) => !['answered', 'warned', 'named'].includes(verdict));
