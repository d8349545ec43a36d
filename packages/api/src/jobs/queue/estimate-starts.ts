/** What is known of the queue. */
export interface QueueFigures {
  /** How long each prompt that runs has been running, ms. */
  readonly runningMs: readonly number[];
  readonly waiting: number;
  /** Prompts that can run at once. */
  readonly slots: number;
  /** How long recent ones took, ms. */
  readonly recentMs: readonly number[];
}

/**
 * In how many ms each waiting prompt is likely to start, in their order, if all take as long as recent
 * ones did (their median). Undefined when there are none to go by.
 */
export function estimateStarts({
  runningMs,
  waiting,
  slots,
  recentMs,
}: QueueFigures): number[] | undefined {
  const usualMs = recentMs.toSorted((one, other) => one - other)[Math.floor(recentMs.length / 2)];
  if (usualMs === undefined) return undefined;
  const busy = runningMs.map((ms) => Math.max(0, usualMs - ms));
  const places = Math.max(1, slots, busy.length);
  const freeIn = Array.from({ length: places }, (_, index) => busy[index] ?? 0);
  return Array.from({ length: waiting }, () => {
    freeIn.sort((one, other) => one - other);
    const startMs = freeIn.shift() ?? 0;
    freeIn.push(startMs + usualMs);
    return Math.round(startMs);
  });
}
