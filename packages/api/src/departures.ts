import { EventEmitter, once } from 'node:events';

import {
  deadline,
  type Job,
  leaveJob,
  type Log,
  renewReaderLease,
  StudioError,
} from '@aistudio/core';
import { type Redis } from 'ioredis';

import { type PromptQueue } from './queue/prompt-queue.ts';

/** A client that waited this long for a first piece may have lost its patience, ms. */
const IMPATIENT_AFTER_MS = 20_000;
/** How soon an impatient client asks again: SDKs pause for 0.5 to 1 s (openai-behaviours X-01), ms. */
const ASKS_AGAIN_WITHIN_MS = 1500;

/** One reader's way out. Disposing is leaving. */
export interface Departure extends Disposable {
  /** Whether the job has ended. */
  hasEnded: boolean;
  /** Whether a worker has begun with the job. */
  hasStarted: boolean;
  /** Whether the client has anything of the answer. */
  hasContent: boolean;
}

/** Sees to jobs whose reader is gone: has its answer, or went away. Disposing waits for the last one. */
export interface Departures extends AsyncDisposable {
  /** `canRepeat`: the client is one that asks again by itself when it has waited too long. */
  expect(job: Job, reader: string, canRepeat: boolean): Departure;
  /**
   * The server stops: from now on a job that still waits is not given up with its reader, but kept for
   * `keptMs` after it was accepted, so that it runs after the next start. Waits, for a moment, for
   * readers whose answer is on its way.
   */
  suspend(keptMs: number): Promise<void>;
}

/** How long the last pieces of an answer may take to the client when the server stops, ms. */
const LAST_PIECES_MS = 2000;

/**
 * A job that nobody reads any more is cancelled at once; after a pause when its client looks as if it
 * were about to ask the same again, so that Run is not pressed twice.
 */
export function createDepartures(redis: Redis, queue: PromptQueue, log: Log): Departures {
  const present = new Set<Departure>();
  const changes = new EventEmitter();
  let keptMs: number | undefined;

  const leave = async ({ id, acceptedAt }: Job, reader: string): Promise<void> => {
    const leftMs = keptMs === undefined ? 0 : acceptedAt + keptMs - Date.now();
    if (leftMs > 0 && (await queue.isWaiting(id))) {
      return renewReaderLease(redis, id, reader, leftMs);
    }
    if (!(await leaveJob(redis, id, reader))) return;
    await queue.withdraw(id, new StudioError('request_cancelled', 'The client went away.'));
    await queue.forget(id);
  };

  return {
    expect(job, reader, canRepeat) {
      const departure: Departure = {
        hasEnded: false,
        hasStarted: false,
        hasContent: false,
        [Symbol.dispose]() {
          void depart();
        },
      };
      const depart = async (): Promise<void> => {
        const isEarly = departure.hasContent || Date.now() - job.acceptedAt < IMPATIENT_AFTER_MS;
        if (canRepeat && !departure.hasEnded && !isEarly) await pause(ASKS_AGAIN_WITHIN_MS);
        await leave(job, reader).catch((error: unknown) => {
          log.warn('job not cleaned up', { requestId: job.id, error });
        });
        present.delete(departure);
        changes.emit('departed');
      };
      present.add(departure);
      return departure;
    },
    async suspend(ms) {
      keptMs = ms;
      using limit = deadline(LAST_PIECES_MS);
      while (isAnswered(present) && !limit.signal.aborted) {
        await once(changes, 'departed', { signal: limit.signal }).catch(() => undefined); // late: cut off then
      }
    },
    async [Symbol.asyncDispose]() {
      const canLeave = redis.status === 'ready'; // otherwise it would wait for the reconnect
      if (!canLeave) return;
      while (present.size > 0) await once(changes, 'departed');
    },
  };
}

const isAnswered = (present: ReadonlySet<Departure>): boolean =>
  [...present].some(({ hasStarted }) => hasStarted);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
