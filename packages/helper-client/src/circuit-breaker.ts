/** One try that the breaker let through. Disposed without a verdict, it counts for nothing. */
export interface Attempt extends Disposable {
  succeeded(): void;
  /** True when this failure was one too many. */
  failed(): boolean;
}

/** Keeps us from asking again and again what does not work. */
export interface CircuitBreaker {
  /** Whether an attempt made now would not be let through. */
  readonly isResting: boolean;
  /**
   * Undefined while the other side is left alone. After that one attempt at a time goes through,
   * until one has succeeded.
   */
  attempt(): Attempt | undefined;
}

/** Opens after `failures` in a row, for `restMs`. */
export function createCircuitBreaker(
  { failures, restMs }: { readonly failures: number; readonly restMs: number },
  now: () => number = () => performance.now(),
): CircuitBreaker {
  let failed = 0;
  let restUntil = 0;
  let isTrying = false;
  const isOpen = (): boolean => failed >= failures;
  const isResting = (): boolean => isOpen() && (isTrying || now() < restUntil);

  return {
    get isResting() {
      return isResting();
    },
    attempt() {
      if (isResting()) return undefined;
      const isTrial = isOpen();
      if (isTrial) isTrying = true;
      return {
        succeeded() {
          failed = 0;
        },
        failed() {
          failed += 1;
          if (isOpen()) restUntil = now() + restMs;
          return isOpen();
        },
        [Symbol.dispose]() {
          if (isTrial) isTrying = false;
        },
      };
    },
  };
}
