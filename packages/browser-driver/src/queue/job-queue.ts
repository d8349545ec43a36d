import { randomUUID } from 'node:crypto';

import { Job, LEASE_MS, type Log, names } from '@aistudio/core';
import { type Job as Entry, Worker } from 'bullmq';
import { type Redis } from 'ioredis';

import { pause, withSignal } from '../waiting.ts';
import { bringForward } from './bring-forward.ts';

/** How long a taken job stays ours without renewal, ms: as long as its lease, so neither lapses first. */
const LOCK_MS = LEASE_MS;
/** How often to look for jobs whose worker died, ms. */
const STALLED_CHECK_MS = 1500;
/** How soon a postponed job is tried again, ms. */
const LATER_MS = 1000;
/** How often to look again while only jobs wait that are left to others, or after an error, ms. */
const LOOK_AGAIN_MS = 500;

/** A job that this worker has taken out of the queue. It ends by one of `complete`, `giveBack` and `postpone`. */
export interface TakenJob {
  readonly job: Job;
  /** Keeps it ours; to be called as often as its lease is renewed. */
  renew(): Promise<void>;
  /** It is over. */
  complete(): Promise<void>;
  /** Puts it back to the place it had in the queue, for whichever page is free next. */
  giveBack(): Promise<void>;
  /** Puts it back for a moment, or for so many ms. */
  postpone(ms?: number): Promise<void>;
}

/** The jobs that wait for a page. */
export interface JobQueue extends AsyncDisposable {
  /** The first job that waits, as soon as there is one. Undefined once the queue was stopped. */
  next(): Promise<TakenJob | undefined>;
  /** Lets `next` take nothing more. */
  stop(): void;
}

/** What a queue needs. */
export interface JobQueueOptions {
  readonly redis: Redis;
  /** The models whose jobs are left to other workers at present. */
  readonly leftToOthers: () => ReadonlySet<string>;
  readonly log: Log;
}

/**
 * Opens the queue: BullMQ's, whose jobs are fetched one by one, when a page asks for one. Disposing
 * closes it; what was taken must be over by then.
 */
export async function openJobQueue(options: JobQueueOptions): Promise<JobQueue> {
  const { redis, leftToOthers, log } = options;
  const worker = new Worker<unknown>(names.queue, undefined, {
    connection: redis,
    prefix: names.queuePrefix,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: Number.MAX_SAFE_INTEGER, // how many workers a job may lose the job's own state says
  });
  worker.on('error', (error) => log.warn('queue trouble', { error }));
  await worker.startStalledCheckTimer();
  const stopped = new AbortController();
  /** The tokens with which taken jobs are locked, by job. */
  const tokens = new Map<string, string>();

  /** Wakes a worker that waits for jobs: BullMQ does not when a job goes back to its place. */
  const wake = async (): Promise<void> => void (await redis.zadd(names.queued('marker'), 0, '0'));

  const take = (entry: Entry<unknown>, job: Job): TakenJob => {
    /** Lets go of the job; that it is no longer ours is nothing to worry about: whoever has it knows. */
    const end = async (move: (token: string) => Promise<unknown>): Promise<void> => {
      const token = tokens.get(job.id) ?? '';
      try {
        await move(token);
      } catch (error) {
        log.info('the queue had taken the job away', { requestId: job.id, error });
      } finally {
        tokens.delete(job.id);
      }
    };
    return {
      job,
      async renew() {
        await entry.extendLock(tokens.get(job.id) ?? '', LOCK_MS);
      },
      complete: () => end((token) => entry.moveToCompleted('done', token, false)),
      async giveBack() {
        await end((token) => entry.moveToWait(token));
        await wake();
      },
      postpone: (ms = LATER_MS) => end((token) => entry.moveToDelayed(Date.now() + ms, token)),
    };
  };

  /** The next job, if it is one that this worker has not got; an error counts as none. */
  const fetch = async (): Promise<TakenJob | undefined> => {
    const token = randomUUID();
    const entry = await worker.getNextJob(token);
    if (entry?.id === undefined) return undefined;
    // Its lock lapsed while we were stopped or Redis was away, and it runs here: it is ours again.
    const isRunning = tokens.has(entry.id);
    tokens.set(entry.id, token);
    if (isRunning) return undefined;
    const job = Job.safeParse(entry.data);
    if (job.success) return take(entry, job.data);
    log.error('a job of an unknown shape: do all processes have one version?', { id: entry.id });
    tokens.delete(entry.id);
    await entry.moveToFailed(new Error('unknown shape'), token, false);
    return undefined;
  };

  /** What becomes of a job that comes when nobody waits for it any more. */
  let late: Promise<void> = Promise.resolve();
  return {
    async next() {
      while (!stopped.signal.aborted) {
        try {
          const others = leftToOthers();
          const found = others.size === 0 ? 'one' : await bringForward(redis, others);
          if (found === 'only others') {
            await pause(LOOK_AGAIN_MS, stopped.signal);
            continue;
          }
          const fetching = fetch();
          const taken = await withSignal(fetching, stopped.signal).catch((error: unknown) => {
            late = fetching.then((unwanted) => unwanted?.giveBack()).catch(() => undefined);
            throw error;
          });
          if (!taken) continue;
          if (!leftToOthers().has(taken.job.model)) return taken;
          await taken.giveBack();
        } catch (error) {
          if (stopped.signal.aborted) break;
          log.warn('no job fetched', { error });
          await pause(LOOK_AGAIN_MS, stopped.signal);
        }
      }
      return undefined;
    },
    stop: () => stopped.abort(new Error('stopped')),
    async [Symbol.asyncDispose]() {
      stopped.abort(new Error('stopped'));
      await worker.close(true); // it may be waiting for a job
      await late;
    },
  };
}
