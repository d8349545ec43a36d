import { EventEmitter, once } from 'node:events';

import { type Job, leaveJob, type Log, names, StudioError } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { type PromptQueue } from './prompt-queue.ts';

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

/**
 * A job that nobody reads any more is cancelled at once; after a pause when its client looks as if it
 * were about to ask the same again, so that Run is not pressed twice.
 */
export function createDepartures(redis: Redis, queue: PromptQueue, log: Log): Departures {
  const present = new Set<Departure>();
  const emptied = new EventEmitter();

  const leave = async ({ id }: Job, reader: string): Promise<void> => {
    if (!(await leaveJob(redis, id, reader))) return;
    await queue.withdraw(id, new StudioError('request_cancelled', 'The client went away.'));
    await redis.del(names.plan(id));
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
        if (canRepeat && !departure.hasEnded && !isEarly) await pause(ASKS_AGAIN_WITHIN_MS);
        await leave(job, reader).catch((error: unknown) => {
          log.warn('job not cleaned up', { requestId: job.id, error });
        });
        present.delete(departure);
        if (present.size === 0) emptied.emit('empty');
      };
      present.add(departure);
      return departure;
    },
    async [Symbol.asyncDispose]() {
      const canLeave = redis.status === 'ready'; // otherwise it would wait for the reconnect
      if (canLeave && present.size > 0) await once(emptied, 'empty');
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
