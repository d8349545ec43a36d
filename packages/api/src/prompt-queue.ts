import {
  closeJob,
  type Job,
  type Log,
  names,
  type Plan,
  renewReaderLease,
  StudioError,
} from '@aistudio/core';
import { Queue } from 'bullmq';
import { type Redis } from 'ioredis';

/** How many finished jobs the queue remembers, for people who look into it. */
const KEPT = { count: 1000 } as const;

/** The way into the queue and, as long as no worker has come, out of it again. */
export interface PromptQueue extends AsyncDisposable {
  /** Stores the plan and queues its job. Throws `queue_full`. */
  enter(id: string, plan: Plan): Promise<void>;
  /** Ends a job that still waits, with this error. Does nothing once a worker has it. */
  withdraw(id: string, error: StudioError): Promise<void>;
}

/** At most `limit` jobs may wait; a plan is kept `planLifetimeMs` unless deleted before. */
export function connectQueue(
  redis: Redis,
  { limit, planLifetimeMs }: { limit: number; planLifetimeMs: number },
  log: Log,
): PromptQueue {
  const queue = new Queue<Job>(names.queue, { connection: redis, prefix: names.queuePrefix });
  queue.on('error', (error) => log.debug('queue connection failed', { error })); // it reconnects

  const enter = async (id: string, plan: Plan): Promise<void> => {
    if ((await queue.getJobCountByTypes('waiting', 'prioritized')) >= limit) {
      throw new StudioError('queue_full', 'Too many prompts are waiting. Try again later.', {
        retryAfterSeconds: 10,
      });
    }
    await renewReaderLease(redis, id);
    await redis.set(names.plan(id), JSON.stringify(plan), 'PX', planLifetimeMs);
    const job: Job = { id, acceptedAt: Date.now() };
    await queue.add('prompt', job, { jobId: id, removeOnComplete: KEPT, removeOnFail: KEPT });
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    enter(id, plan) {
      // One at a time: requests that come together must not all take the last place.
      const entry = last.then(() => enter(id, plan));
      last = entry.catch(() => undefined);
      return entry;
    },
    async withdraw(id, error) {
      if ((await queue.remove(id)) === 1) await closeJob(redis, id, error);
    },
    [Symbol.asyncDispose]: () => queue.close(),
  };
}
