import { Job, names, StudioError } from '@aistudio/core';
import { DelayedError, Worker } from 'bullmq';

import { runJob, type RunJobOptions } from './job/run-job.ts';

/** With these a killed worker's job is back in the queue within about eight seconds, ms. */
const LOCK_MS = 5000;
const STALLED_CHECK_MS = 1500;
/** How soon a job is tried again that another worker still holds, ms. */
const HELD_MS = 1000;
/** How often a job may lose its worker before it is given up. */
const MAX_STALLED = 3;

/** How many jobs run at once, and what they take. */
export interface WorkerOptions extends RunJobOptions {
  readonly concurrency: number;
  /** How long running jobs may take to end when the worker is told to stop, ms. */
  readonly graceMs: number;
  /** Called after each job. */
  readonly onJobOver: () => void;
}

/** Answers the queue's jobs until disposed. */
export function createWorker(options: WorkerOptions): AsyncDisposable {
  const shutdown = new AbortController();
  const worker = new Worker<Job>(
    names.queue,
    async (queued, token) => {
      const outcome = await runJob(options, Job.parse(queued.data), shutdown.signal);
      options.onJobOver();
      if (outcome === 'done') return;
      await queued.moveToDelayed(Date.now() + HELD_MS, token);
      throw new DelayedError(); // which tells BullMQ that the job has been moved
    },
    {
      connection: options.redis,
      prefix: names.queuePrefix,
      concurrency: options.concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_STALLED,
    },
  );
  worker.on('error', (error) => options.log.warn('queue trouble', { error }));
  worker.on('failed', (job, error) => options.log.error('job failed', { job: job?.id, error }));
  return {
    async [Symbol.asyncDispose]() {
      const timer = setTimeout(() => shutdown.abort(stopping()), options.graceMs);
      await worker.close();
      clearTimeout(timer);
    },
  };
}

const stopping = (): StudioError =>
  new StudioError('worker_lost', 'The server is shutting down. Send the request again.');
