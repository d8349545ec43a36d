/** For how long an error that was logged is not logged again, ms. */
const QUIET_MS = 10_000;
/** Of how many errors that is remembered. */
const MAX_KNOWN = 100;

/** A line of the log, as far as it decides whether it is one too many. */
export interface LogLine {
  readonly level: string;
  readonly message: unknown;
  readonly requestId?: unknown;
  readonly error?: unknown;
  readonly [field: string]: unknown;
}

/**
 * Keeps the same error from filling the log, for instance while Redis takes no writes. Gives the line to
 * log: as it is where its error is new; a request's line without the stack where the same error was
 * logged within the last seconds; undefined for any other line with such an error. The next one that is
 * logged in full says how many were left out.
 */
export function createRepeatFilter(
  now: () => number = Date.now,
): <T extends LogLine>(line: T) => (T & { repeated?: number }) | undefined {
  const known = new Map<string, { readonly at: number; leftOut: number }>();
  return (line) => {
    const { error } = line;
    if (!(error instanceof Error)) return line;
    const key = [line.level, line.message, error.message].join('\n');
    const last = known.get(key);
    const at = now();
    if (last && at - last.at < QUIET_MS) {
      last.leftOut += 1;
      return line.requestId === undefined ? undefined : { ...line, error: error.message };
    }
    known.delete(key);
    known.set(key, { at, leftOut: 0 });
    const [oldest] = known.keys();
    if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
    return last && last.leftOut > 0 ? { ...line, repeated: last.leftOut } : line;
  };
}
