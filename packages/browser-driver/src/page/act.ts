import { deadline, StudioError } from '@aistudio/core';

import { withSignal } from '../waiting.ts';
import { PageError } from './page-error.ts';

/**
 * Does one thing to a page from outside of it, within `limitMs`: a renderer that hangs answers no
 * call of Playwright, and must not hold a job. Throws the signal's reason when it aborts, a
 * {@link StudioError} that `work` throws, and a {@link PageError} of this step for all else, also when
 * the time is up: then `work` may go on unseen.
 */
export async function act<T>(
  step: string,
  signal: AbortSignal,
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  using within = deadline(limitMs, () => tooSlow(step, limitMs), signal);
  try {
    return await withSignal(work(within.signal), within.signal);
  } catch (cause) {
    if (signal.aborted || cause instanceof StudioError) throw cause;
    throw new PageError(step, firstLineOf(cause), { cause });
  }
}

/** Playwright adds a log of the call below the first line. */
const firstLineOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';

const tooSlow = (step: string, limitMs: number): PageError =>
  new PageError(step, `the page did not answer within ${Math.round(limitMs / 1000)} s`);
