import { Condition, deadline, type Job, leaveJob, type Log, StudioError } from '@aistudio/core';
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
  /** Whether the client has anything of the answer. */
  hasContent: boolean;
}

/** Sees to jobs whose reader is gone: has its answer, or went away. Disposing waits for the last one. */
export interface Departures extends AsyncDisposable {
  /** `canRepeat`: the client is one that asks again by itself when it has waited too long. */
  expect(job: Job, reader: string, canRepeat: boolean): Departure;
}

/** How long seeing to the last jobs may take, ms. */
const LAST_JOBS_MS = 5000;

/**
 * A job that nobody reads any more is cancelled at once; after a pause when its client looks as if it
 * were about to ask the same again, so that Run is not pressed twice. There is no pause once `stopping`
 * has aborted.
 */
export function createDepartures(
  redis: Redis,
  queue: PromptQueue,
  stopping: AbortSignal,
  log: Log,
): Departures {
  const present = new Set<Departure>();
  const departed = new Condition();

  const leave = async ({ id }: Job, reader: string): Promise<void> => {
    if (!(await leaveJob(redis, id, reader))) return;
    await queue.withdraw(id, new StudioError('request_cancelled', 'The client went away.'));
    await queue.forget(id);
  };

  return {
    expect(job, reader, canRepeat) {
      const departure: Departure = {
        hasEnded: false,
        hasContent: false,
        [Symbol.dispose]() {
          void depart();
        },
      };
      const depart = async (): Promise<void> => {
        const isEarly = departure.hasContent || Date.now() - job.acceptedAt < IMPATIENT_AFTER_MS;
        const mayReturn = canRepeat && !departure.hasEnded && !isEarly;
        if (mayReturn) await pause(ASKS_AGAIN_WITHIN_MS, stopping);
        await leave(job, reader).catch((error: unknown) => {
          log.warn('job not cleaned up', { requestId: job.id, error });
        });
        present.delete(departure);
        departed.notify();
      };
      present.add(departure);
      return departure;
    },
    async [Symbol.asyncDispose]() {
      using limit = deadline(LAST_JOBS_MS);
      while (present.size > 0 && redis.status === 'ready' && !limit.signal.aborted) {
        await departed.wait(LAST_JOBS_MS, limit.signal).catch(() => undefined); // the time is up
      }
    },
  };
}

/** Waits, unless the server stops: then nobody can come back to it. */
async function pause(ms: number, stopping: AbortSignal): Promise<void> {
  if (stopping.aborted) return;
  await new Condition().wait(ms, stopping).catch(() => undefined); // it stops
}
