import { type JobWriter, LEASE_RENEWAL_MS, type Log, StudioError } from '@aistudio/core';

import { type TakenJob } from '../queue/job-queue.ts';
import { cancelled } from './cancellations.ts';

/** A job's lease, and its place among the queue's running jobs, while its worker lives. */
export interface HeldLease extends AsyncDisposable {
  /** Aborts when it is found out that the job was cancelled, nobody listens any more, or it is not ours. */
  readonly signal: AbortSignal;
  /** Renews it now; throws what `signal` would abort with. */
  confirm(): Promise<void>;
}

/** Keeps a job's lease until disposed. */
export async function holdLease(
  writer: JobWriter,
  taken: Pick<TakenJob, 'renew'>,
  log: Log,
): Promise<HeldLease> {
  const controller = new AbortController();
  const renew = async (): Promise<void> => {
    const [state] = await Promise.all([writer.renew(), taken.renew()]);
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
    async confirm() {
      await renew();
      controller.signal.throwIfAborted();
    },
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
