/**
 * A place to wait for an event with a limit: whoever waits looks at the state again when `notify` was
 * called. A notification that nobody waits for is not kept, so look before waiting, without an `await`
 * in between.
 */
export class Condition {
  readonly #wakers = new Set<() => void>();

  /** Wakes all who wait at present. */
  notify(): void {
    for (const wake of this.#wakers) wake();
  }

  /** True when notified, false after `timeoutMs`. Throws the signal's reason when it aborts. */
  async wait(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        this.#wakers.delete(onNotify);
        signal.removeEventListener('abort', onAbort);
      };
      const onNotify = (): void => {
        leave();
        resolve(true);
      };
      const onAbort = (): void => {
        leave();
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        leave();
        resolve(false);
      }, timeoutMs);
      this.#wakers.add(onNotify);
      signal.addEventListener('abort', onAbort);
    });
  }
}
