import { deadline } from '@aistudio/core';

import { withSignal } from '../waiting.ts';
import { PageError } from './page-error.ts';

/**
 * Does one thing to a page from outside of it, within `limitMs`: a renderer that hangs answers no
 * call of Playwright, and must not hold a job. Throws the signal's reason when it aborts, a
 * {@link PageError} of this step when the time is up, else whatever `work` throws; `work` may go on
 * unseen.
 */
export async function act<T>(
  step: string,
  signal: AbortSignal,
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  using within = deadline(limitMs, () => tooSlow(step, limitMs), signal);
  return await withSignal(work(within.signal), within.signal);
}

const tooSlow = (step: string, limitMs: number): PageError =>
  new PageError(step, `the page did not answer within ${Math.round(limitMs / 1000)} s`);
