import {
  closeJob,
  Job,
  type Log,
  names,
  renewReaderLease,
  storeFile,
  type StudioError,
} from '@aistudio/core';
import { type Job as BullJob, Queue } from 'bullmq';
import { type Redis } from 'ioredis';
import { z } from 'zod';

import { type WholePlan } from '../../files/remote-file.ts';
import { ANONYMOUS } from '../../keys/caller.ts';
import { encodePlan } from '../../offload/offload.ts';
import { createQueuePlaces, type QueueEntry, type QueueLimits } from './queue-places.ts';

/** How many finished jobs the queue remembers: for estimates, and for people who look into it. */
const KEPT = { count: 1000 } as const;
const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'unknown']);
/** Jobs that lost their worker, then those in their turns, then those that wait for a moment in time. */
const WAITING_FIRST_TO_LAST: ('waiting' | 'prioritized' | 'delayed')[] = [
  'waiting',
  'prioritized',
  'delayed',
];
const WAITING: ReadonlySet<string> = new Set(WAITING_FIRST_TO_LAST);
/** Of how many of them it is looked at how long they took. */
const RECENT = 20;

/** A job, and whose it is. */
const QueuedJob = Job.extend({ owner: z.string().default(ANONYMOUS.id) });

/** One prompt that waits or runs. */
export interface QueuedPrompt {
  readonly id: string;
  /** Id of the caller whose it is. */
  readonly owner: string;
  readonly model: string;
  /** Whether a chat UI asks for it by itself. */
  readonly isBackground: boolean;
  /** How many are to be answered before it, plus one; 0 = it runs. */
  readonly position: number;
  /** How long it waits, or waited, for a worker, ms. */
  readonly waitingMs: number;
  /** How long it has been running, ms; 0 = it waits. */
  readonly runningMs: number;
}

/** The way into the queue and, as long as no worker has come, out of it again. */
export interface PromptQueue extends AsyncDisposable {
  /** Throws `queue_full` when a prompt of this owner would not be taken now. */
  requireRoom(owner: string): Promise<void>;
  /**
   * Stores the plan and its files and queues its job, to be read by the request of the same id. Throws `queue_full`,
   * and `request_too_large` for a plan that never fits.
   */
  enter(job: Job, plan: WholePlan, of: Pick<QueueEntry, 'owner' | 'priority'>): Promise<void>;
  /** Ends a job that still waits, with this error. Does nothing once a worker has it. */
  withdraw(id: string, error: StudioError): Promise<void>;
  /** Forgets what is stored of a job that nobody reads any more. */
  forget(id: string): Promise<void>;
  /** Whether no worker has it yet. */
  isWaiting(id: string): Promise<boolean>;
  /** Everything that is not answered yet, as it is or will be run. */
  list(): Promise<QueuedPrompt[]>;
  /** Whose job it is; undefined when the queue does not know it (any more). */
  ownerOf(id: string): Promise<string | undefined>;
  /** How long the last few jobs took from being taken to their end, ms. */
  recentMs(): Promise<number[]>;
  /** How many there are of these. */
  count(): Promise<{ readonly queued: number; readonly running: number }>;
}

/** Opens the queue that all API processes share. */
export function connectQueue(redis: Redis, limits: QueueLimits, log: Log): PromptQueue {
  const queue = new Queue(names.queue, { connection: redis, prefix: names.queuePrefix });
  queue.on('error', (error) => log.debug('queue connection failed', { error })); // it reconnects
  const places = createQueuePlaces(redis, limits);

  return {
    requireRoom: (owner) => places.require(owner),
    async enter(job, plan, { owner, priority: keyPriority }) {
      const { id, isBackground } = job;
      const { bytes, files } = await encodePlan(plan);
      const entry = { owner, priority: keyPriority, isBackground };
      const size = files.reduce((sum, { length }) => sum + length, bytes.length);
      const priority = await places.take(id, entry, size);
      for (const [number, file] of files.entries()) {
        await storeFile(redis, id, number, file, limits.planLifetimeMs);
      }
      // Of one connection Redis takes commands in their order: no worker sees the job before the plan.
      await Promise.all([
        renewReaderLease(redis, id, id),
        redis.set(names.plan(id), asBuffer(bytes), 'PX', limits.planLifetimeMs),
        queue.add(
          'prompt',
          { ...job, owner },
          { jobId: id, priority, removeOnComplete: KEPT, removeOnFail: KEPT },
        ),
      ]);
      await places.confirm(id);
    },
    async withdraw(id, error) {
      if (ENDED.has(await queue.getJobState(id))) return; // to be remembered
      if ((await queue.remove(id)) !== 1) return;
      await closeJob(redis, id, error);
      await places.release(id);
    },
    forget: (id) => places.release(id),
    async isWaiting(id) {
      return WAITING.has(await queue.getJobState(id));
    },
    async list() {
      const [running, waiting] = await Promise.all([
        queue.getJobs(['active'], 0, -1, true),
        queue.getJobs(WAITING_FIRST_TO_LAST, 0, -1, true),
      ]);
      return [
        ...running.map((entry) => toPrompt(entry, 0)),
        ...waiting.map((entry, index) => toPrompt(entry, index + 1)),
      ];
    },
    async ownerOf(id) {
      const entry = await queue.getJob(id);
      return entry && QueuedJob.parse(entry.data).owner;
    },
    async recentMs() {
      const ended = await queue.getJobs(['completed'], 0, RECENT - 1, false);
      return ended.flatMap(({ processedOn, finishedOn }) =>
        processedOn === undefined || finishedOn === undefined ? [] : [finishedOn - processedOn],
      );
    },
    async count() {
      const { active = 0, ...waiting } = await queue.getJobCounts(
        'active',
        ...WAITING_FIRST_TO_LAST,
      );
      return { running: active, queued: Object.values(waiting).reduce((sum, one) => sum + one, 0) };
    },
    [Symbol.asyncDispose]: () => queue.close(),
  };
}

/** The same bytes, as ioredis takes them. */
const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

function toPrompt({ data, processedOn }: BullJob, position: number): QueuedPrompt {
  const { id, owner, model, isBackground, acceptedAt } = QueuedJob.parse(data);
  const now = Date.now();
  const takenAt = position === 0 ? (processedOn ?? now) : now;
  return {
    id,
    owner,
    model,
    isBackground,
    position,
    waitingMs: Math.max(0, takenAt - acceptedAt),
    runningMs: now - takenAt,
  };
}
