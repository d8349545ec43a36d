/** Resolves at the first SIGINT or SIGTERM, or when the process that started us goes away. */
export async function untilStopped(): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      process.off('disconnect', stop);
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    process.on('disconnect', stop); // the IPC channel of the launcher closed: it is gone
  });
}

/** Tells the process that started us, if there is one listening, that everything is up. */
export function reportReady(detail: Readonly<Record<string, unknown>> = {}): void {
  process.send?.({ type: 'ready', ...detail });
}

/** A signal that aborts with `error()` after `ms`, or as soon as `signal` does. Disposing stops the clock. */
export function deadline(
  ms: number,
  error: () => Error,
  signal?: AbortSignal,
): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(error()), ms);
  const forward = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) forward();
  else signal?.addEventListener('abort', forward, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', forward);
    },
  };
}
