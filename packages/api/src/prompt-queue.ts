import {
  closeJob,
  Job,
  type Log,
  names,
  type Plan,
  renewReaderLease,
  StudioError,
} from '@aistudio/core';
import { type Job as QueueEntry, Queue } from 'bullmq';
import { type Redis } from 'ioredis';

/** How many finished jobs the queue remembers, for people who look into it. */
const KEPT = { count: 1000 } as const;

/** One prompt that waits or runs. */
export interface QueuedPrompt {
  readonly id: string;
  readonly model: string;
  /** How many are to be answered before it, plus one; 0 = it runs. */
  readonly position: number;
  /** How long it waits, or waited, for a worker, ms. */
  readonly waitingMs: number;
}

/** The way into the queue and, as long as no worker has come, out of it again. */
export interface PromptQueue extends AsyncDisposable {
  /** Stores the plan and queues its job, to be read by the request of the same id. Throws `queue_full`. */
  enter(job: Job, plan: Plan): Promise<void>;
  /** Ends a job that still waits, with this error. Does nothing once a worker has it. */
  withdraw(id: string, error: StudioError): Promise<void>;
  /** Whether no worker has it yet. */
  isWaiting(id: string): Promise<boolean>;
  /** Everything that is not answered yet, first come first. */
  list(): Promise<QueuedPrompt[]>;
  /** How many there are of these. */
  count(): Promise<{ readonly queued: number; readonly running: number }>;
}

/** At most `limit` jobs may wait; a plan is kept `planLifetimeMs` unless deleted before. */
export function connectQueue(
  redis: Redis,
  { limit, planLifetimeMs }: { limit: number; planLifetimeMs: number },
  log: Log,
): PromptQueue {
  const queue = new Queue<Job>(names.queue, { connection: redis, prefix: names.queuePrefix });
  queue.on('error', (error) => log.debug('queue connection failed', { error })); // it reconnects

  const enter = async (job: Job, plan: Plan): Promise<void> => {
    const { id } = job;
    if ((await queue.getJobCountByTypes('waiting', 'prioritized')) >= limit) {
      throw new StudioError('queue_full', 'Too many prompts are waiting. Try again later.', {
        retryAfterSeconds: 10,
      });
    }
    // Of one connection Redis takes commands in their order: no worker sees the job before the plan.
    await Promise.all([
      renewReaderLease(redis, id, id),
      redis.set(names.plan(id), JSON.stringify(plan), 'PX', planLifetimeMs),
      queue.add('prompt', job, { jobId: id, removeOnComplete: KEPT, removeOnFail: KEPT }),
    ]);
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    enter(job, plan) {
      // One at a time: requests that come together must not all take the last place.
      const entry = last.then(() => enter(job, plan));
      last = entry.catch(() => undefined);
      return entry;
    },
    async withdraw(id, error) {
      if ((await queue.remove(id)) === 1) await closeJob(redis, id, error);
    },
    async isWaiting(id) {
      const state = await queue.getJobState(id);
      return state === 'waiting' || state === 'prioritized';
    },
    async list() {
      const [active, waiting] = await Promise.all([
        queue.getJobs(['active'], 0, -1, true),
        queue.getJobs(['waiting', 'prioritized'], 0, -1, true),
      ]);
      const now = Date.now();
      const running = active.map((entry) => toPrompt(entry, 0, entry.processedOn ?? now));
      const queued = waiting.map((entry, index) => toPrompt(entry, index + 1, now));
      return [...running, ...queued];
    },
    async count() {
      const { active = 0, ...waiting } = await queue.getJobCounts(
        'active',
        'waiting',
        'prioritized',
      );
      return { running: active, queued: Object.values(waiting).reduce((sum, one) => sum + one, 0) };
    },
    [Symbol.asyncDispose]: () => queue.close(),
  };
}

function toPrompt({ data }: QueueEntry<Job>, position: number, waitedUntil: number): QueuedPrompt {
  const { id, model, acceptedAt } = Job.parse(data);
  return { id, model, position, waitingMs: Math.max(0, waitedUntil - acceptedAt) };
}
