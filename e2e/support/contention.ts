/** Enough of a processor's time to see how it is shared, ms. */
const SAMPLE_MS = 100;

/**
 * How much longer work takes now than on an idle machine, 1 or more: limits on how long something
 * takes are for an idle one, and are multiplied by this. Takes some of the processor's time.
 */
export function contention(): number {
  const start = performance.now();
  const before = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(before);
    const usedMs = (user + system) / 1000;
    if (usedMs >= SAMPLE_MS) return Math.max(1, (performance.now() - start) / usedMs);
  }
}
