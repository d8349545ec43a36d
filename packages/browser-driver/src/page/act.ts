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
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(tooSlow(step, limitMs)), limitMs);
  const within = AbortSignal.any([signal, limit.signal]);
  try {
    return await withSignal(work(within), within);
  } finally {
    clearTimeout(timer);
  }
}

const tooSlow = (step: string, limitMs: number): PageError =>
  new PageError(step, `the page did not answer within ${Math.round(limitMs / 1000)} s`);
