/** How often to ask, and to look whether there is an answer, ms. */
const TICK_MS = 2000;

/**
 * Asks every two seconds, and calls `onSilence`, once, when an answer is missing for `limitMs`. An error is
 * an answer, too. Counts ticks and not the clock: that we ourselves were stopped for a while, or were
 * busy, is nobody else's silence. Disposing ends it.
 */
export function startHeartbeat(
  ask: () => Promise<unknown>,
  limitMs: number,
  onSilence: () => void,
  tickMs = TICK_MS,
): Disposable {
  let isWaiting = false;
  let ticks = 0;
  const timer = setInterval(() => {
    if (!isWaiting) {
      isWaiting = true;
      ticks = 0;
      const answered = (): void => void (isWaiting = false);
      ask().then(answered, answered);
      return;
    }
    ticks++;
    if (ticks * tickMs < limitMs) return;
    clearInterval(timer);
    onSilence();
  }, tickMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
