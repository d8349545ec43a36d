import { type JobWriter, LEASE_RENEWAL_MS, type Log, StudioError } from '@aistudio/core';

import { cancelled } from './cancellations.ts';

/**
 * Keeps a job's lease while its worker lives. The signal aborts when a renewal finds out that the
 * job was cancelled, that nobody listens any more, or that it is no longer ours.
 */
export async function holdLease(
  writer: JobWriter,
  log: Log,
): Promise<{ readonly signal: AbortSignal } & AsyncDisposable> {
  const controller = new AbortController();
  const renew = async (): Promise<void> => {
    const state = await writer.renew();
    if (state === 'cancelled') controller.abort(cancelled());
    if (state === 'unread') controller.abort(unread());
    if (state === 'stale') controller.abort(stale());
  };
  await renew();
  let renewal = Promise.resolve();
  const timer = setInterval(() => {
    renewal = renew().catch((error: unknown) => {
      log.warn('lease not renewed', { error });
    });
  }, LEASE_RENEWAL_MS);
  return {
    signal: controller.signal,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await renewal;
    },
  };
}

const unread = (): StudioError =>
  new StudioError('request_cancelled', 'Nobody listens to this request any more.');

const stale = (): StudioError =>
  new StudioError('worker_lost', 'Another worker has taken this request over.');
