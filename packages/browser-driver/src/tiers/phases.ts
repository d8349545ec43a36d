/** The stretches of one request's way that are timed in the driver, in their order. */
export type Phase = 'prepare' | 'fill' | 'submit' | 'first_event' | 'total';

/** A stopwatch with laps. */
export interface Phases {
  /** Ends the stretch that began at the previous call; a second call of the same name counts on. */
  mark(phase: Exclude<Phase, 'total'>): void;
  /** Milliseconds of each stretch, and of the whole. */
  read(): Partial<Record<Phase, number>>;
}

/** Starts the watch. */
export function createPhases(now: () => number = () => performance.now()): Phases {
  const start = now();
  let last = start;
  const laps: Partial<Record<Phase, number>> = {};
  return {
    mark(phase) {
      const at = now();
      laps[phase] = round((laps[phase] ?? 0) + at - last);
      last = at;
    },
    read: () => ({ ...laps, total: round(now() - start) }),
  };
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
