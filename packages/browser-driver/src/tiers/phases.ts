import { type JobPhases } from '@aistudio/core';

/** A stopwatch with laps: what one request's way takes, as far as the driver sees it. */
export interface Phases {
  /** Ends the stretch that began at the previous call; a second call of the same name counts on. */
  mark(phase: Exclude<keyof JobPhases, 'queue' | 'total'>): void;
  /** The stretches so far, ms. */
  read(): JobPhases;
  /** The stretches and the whole, ms; to be read at the end. */
  readAll(): JobPhases;
}

/** Starts the watch, for a request that has waited `queueMs` already. */
export function createPhases(queueMs = 0, now: () => number = () => performance.now()): Phases {
  const start = now();
  let last = start;
  const laps: JobPhases = { queue: Math.max(0, queueMs) };
  return {
    mark(phase) {
      const at = now();
      laps[phase] = round((laps[phase] ?? 0) + at - last);
      last = at;
    },
    read: () => ({ ...laps }),
    readAll: () => ({ ...laps, total: round((laps.queue ?? 0) + now() - start) }),
  };
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
