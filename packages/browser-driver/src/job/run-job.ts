import {
  beginAttempt,
  type ErrorRecord,
  type JobWriter,
  type Log,
  StudioError,
  toErrorRecord,
} from '@aistudio/core';
import { type Redis } from 'ioredis';

import { type BackgroundJobs, PreemptedError } from '../queue/background-jobs.ts';
import { type TakenJob } from '../queue/job-queue.ts';
import { type SlotLease } from '../slots/slot.ts';
import { createPhases } from '../tiers/phases.ts';
import { withSignal } from '../waiting.ts';
import { type AnswerJobOptions, answerJob } from './answer-job.ts';
import { BeforeRun } from './before-run.ts';
import { type Cancellations } from './cancellations.ts';
import { JobOutput } from './job-output.ts';
import { holdLease } from './lease.ts';

/** What running jobs takes. */
export interface RunJobOptions extends AnswerJobOptions {
  readonly redis: Redis;
  readonly cancellations: Cancellations;
  readonly background: BackgroundJobs;
  readonly log: Log;
}

/** How this worker comes to its end. */
export interface Ending {
  /** Aborts when nothing may be asked any more; what was asked may be answered. */
  readonly draining: AbortSignal;
  /** Aborts, with the error to report, when what is still answered must end. */
  readonly shutdown: AbortSignal;
}

/** How an attempt ended: the job is over, or another attempt is to do it. */
type End =
  | { readonly type: 'over' }
  | { readonly type: 'given back'; readonly failure?: ErrorRecord; readonly afterMs?: number };

/**
 * Makes one attempt at a job with this page, as the only writer of its event stream: it ends in exactly
 * one `finish` or `error`, or the job goes back to the queue for another page or worker. Throws only when
 * Redis fails.
 */
export async function runJob(
  options: RunJobOptions,
  taken: TakenJob,
  lease: SlotLease,
  ending: Ending,
): Promise<void> {
  using page = lease;
  const { id } = taken.job;
  const writer = await beginAttempt(options.redis, id);
  if (typeof writer === 'string') {
    page.putBack();
    return writer === 'over' ? taken.complete() : taken.postpone();
  }
  const log = options.log.child({ requestId: id });
  const end = await attempt({ ...options, log }, taken, writer, page, ending);
  page[Symbol.dispose]();
  if (end.type === 'over' || !(await writer.giveBack(end.failure))) {
    options.background.noteEnd(taken.job);
    return taken.complete();
  }
  return end.afterMs === undefined ? taken.giveBack() : taken.postpone(end.afterMs);
}

async function attempt(
  options: RunJobOptions,
  taken: TakenJob,
  writer: JobWriter,
  page: SlotLease,
  { draining, shutdown }: Ending,
): Promise<End> {
  const { cancellations, background, log } = options;
  const { job } = taken;
  const phases = createPhases(Date.now() - job.acceptedAt);
  const output = new JobOutput(writer, phases, log);
  using cancel = cancellations.watch(job.id);
  await using held = await holdLease(writer, taken, log);
  const stop = AbortSignal.any([cancel.signal, held.signal, shutdown]);
  using beforeRun = new BeforeRun(draining, background.watch(job));
  try {
    const failure = await answerJob(options, {
      job,
      page,
      output,
      phases,
      attempt: writer.attempt,
      failedBefore: writer.failedBefore,
      signal: AbortSignal.any([stop, beforeRun.signal]),
      async requireTurn(signal) {
        await withSignal(beforeRun.confirm(), signal);
        await withSignal(held.confirm(), signal);
        beforeRun[Symbol.dispose]();
      },
    });
    if (failure) return { type: 'given back', failure };
    if (!output.isClosed) throw new Error('the answer ended without an end');
  } catch (error) {
    if (beforeRun.signal.aborted && !stop.aborted && !output.hasContent) {
      const reason: unknown = beforeRun.signal.reason;
      log.info('given back before Run', { attempt: writer.attempt, reason: String(reason) });
      return reason instanceof PreemptedError
        ? { type: 'given back', afterMs: reason.afterMs }
        : { type: 'given back' };
    }
    await output.fail(toErrorRecord(error), error);
  }
  return { type: 'over' };
}

/** Why what was asked is not answered to its end, or nothing more is asked. */
export const stopping = (): StudioError =>
  new StudioError('worker_lost', 'The server is shutting down. Send the request again.');
