import { beginAttempt, Condition, type EventLoopWatch, toErrorRecord } from '@aistudio/core';

import { type Ending, runJob, type RunJobOptions, stopping } from './job/run-job.ts';
import { type JobQueue, type TakenJob } from './queue/job-queue.ts';
import { type Slots } from './slots/slots.ts';

/** How often to look whether it is on us to refuse jobs, while no page works, ms. */
const LOOK_MS = 1000;

/** What answers jobs, and where they wait. */
export interface WorkerOptions extends RunJobOptions {
  readonly queue: JobQueue;
  readonly slots: Slots;
  /** How long answers may take to end when the worker is told to stop, ms. */
  readonly graceMs: number;
  /** Hears of each job from its beginning to its end. */
  readonly eventLoop: Pick<EventLoopWatch, 'during'>;
  /** Called after each job. */
  readonly onJobOver: () => void;
}

/**
 * Lets pages answer the queue's jobs until disposed: a job stays in the queue until a page is ready for
 * it. While no page works, and none of another worker, it takes jobs to tell their clients why.
 */
export function createWorker(options: WorkerOptions): AsyncDisposable {
  const { queue, slots, pool, background, eventLoop, graceMs, log } = options;
  const draining = new AbortController();
  const shutdown = new AbortController();
  const ending: Ending = { draining: draining.signal, shutdown: shutdown.signal };
  const running = new Set<Promise<void>>();
  const changed = new Condition();
  slots.watch(() => changed.notify());

  /** Whether a job may be taken: for a page, or to be refused. */
  const mayTake = async (): Promise<boolean> => {
    if (slots.hasPage()) return true;
    if (slots.failure() === undefined) return false;
    await pool.refresh();
    return slots.failure() !== undefined && !pool.othersCanServe();
  };

  const handle = async (taken: TakenJob): Promise<void> => {
    const lease = await slots.take();
    if (lease) {
      const ms = await background.holdMs(taken.job);
      if (ms === 0) return start(runJob(options, taken, lease, ending), taken);
      lease.putBack();
      return taken.postpone(ms);
    }
    await pool.refresh();
    const failure = slots.failure();
    if (!failure || pool.othersCanServe(taken.job.model)) return taken.giveBack();
    const writer = await beginAttempt(options.redis, taken.job.id);
    if (writer === 'later') return taken.postpone();
    if (writer !== 'over') await writer.append({ type: 'error', error: toErrorRecord(failure) });
    log.warn('request refused', { requestId: taken.job.id, code: failure.code });
    await taken.complete();
  };

  const start = (job: Promise<void>, taken: TakenJob): void => {
    const presence = eventLoop.during(taken.job.id);
    const over = job
      .catch(async (error: unknown) => {
        log.error('job failed', { requestId: taken.job.id, error });
        await taken.postpone();
      })
      .finally(() => {
        running.delete(over);
        presence[Symbol.dispose]();
        options.onJobOver();
      });
    running.add(over);
  };

  const takeJobs = async (): Promise<void> => {
    while (!draining.signal.aborted) {
      const changes = changed.wait(LOOK_MS, draining.signal);
      changes.catch(() => undefined); // it is looked at below, or not wanted any more
      try {
        if (!(await mayTake())) {
          await changes;
          continue;
        }
        const taken = await queue.next();
        if (taken) await handle(taken);
      } catch (error) {
        if (draining.signal.aborted) return;
        log.warn('no job taken', { error });
        await changes.catch(() => undefined);
      }
    }
  };
  const taking = takeJobs();

  return {
    async [Symbol.asyncDispose]() {
      queue.stop();
      draining.abort(stopping());
      const timer = setTimeout(() => shutdown.abort(stopping()), graceMs);
      await taking;
      await Promise.all(running);
      clearTimeout(timer);
      await queue[Symbol.asyncDispose]();
    },
  };
}
