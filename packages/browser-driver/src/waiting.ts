import { setTimeout } from 'node:timers/promises';

/** Waits for `work`, or throws the signal's reason as soon as it aborts; `work` may go on unseen. */
export async function withSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined); // heard below, or not wanted any more
  signal.throwIfAborted();
  const settled = new AbortController(); // takes the listener away again
  try {
    return await Promise.race([
      work,
      new Promise<never>((_resolve, reject) => {
        const options = { signal: settled.signal };
        signal.addEventListener('abort', () => reject(signal.reason), options);
      }),
    ]);
  } finally {
    settled.abort();
  }
}

/** Back-off: resolves after `ms`, or as soon as the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined); // it aborted
}
