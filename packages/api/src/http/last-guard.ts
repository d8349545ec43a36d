import { type Log } from '@aistudio/core';

/** So many exceptions within {@link WINDOW_MS} mean that the process itself is broken. */
const MAX_EXCEPTIONS = 20;
const WINDOW_MS = 60_000;

/** Decides whether the process survives an exception that nothing caught. */
export interface LastGuard {
  /** To be called once requests are served: before that, an exception ends the start. */
  arm(): void;
  /** True: the exception is logged and the process goes on. */
  readonly survives: (error: unknown) => boolean;
}

/**
 * Keeps one request's fault from ending the process, and with it everybody's streams. An exception
 * here is always a bug of ours, so each is logged as an error; a burst of them ends the process, which
 * its supervisor starts again.
 */
export function createLastGuard(log: Log, now: () => number = Date.now): LastGuard {
  let isArmed = false;
  let recent: number[] = [];
  return {
    arm() {
      isArmed = true;
    },
    survives(error) {
      if (!isArmed) return false;
      const at = now();
      recent = [...recent.filter((time) => at - time < WINDOW_MS), at];
      log.error('an exception reached the top; the process goes on', { error });
      return recent.length < MAX_EXCEPTIONS;
    },
  };
}
