import { EventEmitter, once } from 'node:events';

import {
  cancelJob,
  deadline,
  isTerminal,
  type JobEvent,
  LEASE_RENEWAL_MS,
  type Log,
  names,
  type Plan,
  readJobEvents,
  renewReaderLease,
  StudioError,
} from '@aistudio/core';
import { type Redis } from 'ioredis';

import { requireDriver, requireQuota, requireRedis } from './admission.ts';
import { type PromptQueue } from './prompt-queue.ts';

/**
 * Has a plan carried out under this id and yields its events up to the terminal one. Throws before
 * the first event when the plan cannot be taken: `not_ready`, `not_signed_in`, `rate_limit_exceeded`,
 * `queue_full`. Cancels the job when the signal aborts or the reader stops reading.
 */
export type Ask = (id: string, plan: Plan, signal: AbortSignal) => AsyncIterable<JobEvent>;

/** How long a prompt may take. */
export interface AskLimits {
  /** Until a worker takes it, ms. */
  readonly waitingMs: number;
  /** From being accepted to the terminal event, ms. */
  readonly totalMs: number;
}

const tooSlow = (): Error => new StudioError('timeout', 'The answer took too long.');

/** {@link Ask} by way of the queue. Disposing it waits until every job it gave up is cancelled. */
export function createAsk(
  redis: Redis,
  queue: PromptQueue,
  limits: AskLimits,
  log: Log,
): { readonly ask: Ask } & AsyncDisposable {
  const running = new Set<string>();
  const emptied = new EventEmitter();

  /** Frees what a job holds. No client waits for it: it has its answer, or is gone. */
  const leave = async (id: string, hasEnded: boolean): Promise<void> => {
    try {
      if (!hasEnded) {
        await cancelJob(redis, id);
        await queue.withdraw(id, new StudioError('request_cancelled', 'The client went away.'));
      }
      await redis.del(names.plan(id));
    } catch (error) {
      log.warn('job not cleaned up', { requestId: id, error });
    }
    running.delete(id);
    if (running.size === 0) emptied.emit('empty');
  };

  /** Keeps the reader's lease, and gives up waiting when the time for that is over. */
  const attend = (id: string): { hasStarted: boolean } & Disposable => {
    const waitUntil = Date.now() + limits.waitingMs;
    const beat = async (): Promise<void> => {
      await renewReaderLease(redis, id);
      if (attendance.hasStarted || Date.now() < waitUntil) return;
      await queue.withdraw(id, new StudioError('timeout', 'No page became free in time.'));
    };
    const safely = (): void => {
      beat().catch((error: unknown) => log.warn('lease not renewed', { requestId: id, error }));
    };
    const renewal = setInterval(safely, LEASE_RENEWAL_MS);
    const end = setTimeout(safely, limits.waitingMs);
    const attendance = {
      hasStarted: false,
      [Symbol.dispose]() {
        clearInterval(renewal);
        clearTimeout(end);
      },
    };
    return attendance;
  };

  const ask = async function* (
    id: string,
    plan: Plan,
    signal: AbortSignal,
  ): AsyncGenerator<JobEvent> {
    requireRedis(redis);
    await requireDriver(redis);
    await requireQuota(redis, plan.model);
    await queue.enter(id, plan);
    using limit = deadline(limits.totalMs, tooSlow, signal);
    using attendance = attend(id);
    let hasEnded = false;
    running.add(id);
    try {
      for await (const event of readJobEvents(redis, id, limit.signal)) {
        attendance.hasStarted = true;
        hasEnded = isTerminal(event);
        yield event;
      }
    } finally {
      void leave(id, hasEnded);
    }
  };

  return {
    ask,
    async [Symbol.asyncDispose]() {
      const canLeave = redis.status === 'ready'; // otherwise it would wait for the reconnect
      if (canLeave && running.size > 0) await once(emptied, 'empty');
    },
  };
}
