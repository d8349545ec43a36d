import { Condition, deadline, type Job, leaveJob, type Log, StudioError } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { type PromptQueue } from './queue/prompt-queue.ts';

/** A client that disconnects after waiting this long for the first piece may be about to retry, ms. */
const IMPATIENT_AFTER_MS = 20_000;
/** How soon such a client retries: SDKs pause for 0.5 to 1 s (openai-behaviours X-01), ms. */
const ASKS_AGAIN_WITHIN_MS = 1500;

/** One client's connection. Disposing it marks the client as disconnected. */
export interface ClientConnection extends Disposable {
  /** Whether the job has ended. */
  hasEnded: boolean;
  /** Whether the client has received any content. */
  hasContent: boolean;
}

/** Cleans up jobs whose clients have disconnected. Disposing waits for the last one. */
export interface Disconnects extends AsyncDisposable {
  /** `canRepeat`: whether the client retries by itself after a timeout. */
  track(job: Job, reader: string, canRepeat: boolean): ClientConnection;
}

/** How long the clean-up of the last jobs may take, ms. */
const LAST_JOBS_MS = 5000;

/**
 * Cancels a job as soon as its last client has disconnected. If the client is likely to retry, waits for the
 * retry first, so that Run is not pressed twice; not once `stopping` has aborted.
 */
export function createDisconnects(
  redis: Redis,
  queue: PromptQueue,
  stopping: AbortSignal,
  log: Log,
): Disconnects {
  const connected = new Set<ClientConnection>();
  const disconnected = new Condition();

  const leave = async ({ id }: Job, reader: string): Promise<void> => {
    if (!(await leaveJob(redis, id, reader))) return;
    await queue.withdraw(id, new StudioError('request_cancelled', 'The client went away.'));
    await queue.forget(id);
  };

  return {
    track(job, reader, canRepeat) {
      const connection: ClientConnection = {
        hasEnded: false,
        hasContent: false,
        [Symbol.dispose]() {
          void disconnect();
        },
      };
      const disconnect = async (): Promise<void> => {
        const isEarly = connection.hasContent || Date.now() - job.acceptedAt < IMPATIENT_AFTER_MS;
        const mayReturn = canRepeat && !connection.hasEnded && !isEarly;
        if (mayReturn) await pause(ASKS_AGAIN_WITHIN_MS, stopping);
        await leave(job, reader).catch((error: unknown) => {
          log.warn('job not cleaned up', { requestId: job.id, error });
        });
        connected.delete(connection);
        disconnected.notify();
      };
      connected.add(connection);
      return connection;
    },
    async [Symbol.asyncDispose]() {
      using limit = deadline(LAST_JOBS_MS);
      while (connected.size > 0 && redis.status === 'ready' && !limit.signal.aborted) {
        await disconnected.wait(LAST_JOBS_MS, limit.signal).catch(() => undefined); // the time is up
      }
    },
  };
}

/** Waits, unless the server is stopping, when no client can retry. */
async function pause(ms: number, stopping: AbortSignal): Promise<void> {
  if (stopping.aborted) return;
  await new Condition().wait(ms, stopping).catch(() => undefined); // it stops
}
