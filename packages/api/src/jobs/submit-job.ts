import {
  deadline,
  type ErrorRecord,
  isContent,
  isTerminal,
  type Job,
  type JobEvent,
  type JobPhases,
  type JobStreams,
  LEASE_RENEWAL_MS,
  type Log,
  readGivenBackFailure,
  readJobPhases,
  renewReaderLease,
  StudioError,
  toLogMessage,
} from '@aistudio/core';
import { type Redis } from 'ioredis';

import { type WholePlan } from '../files/remote-file.ts';
import { type Caller } from '../keys/caller.ts';
import { requireDriver, requireQuota, requireRedis } from './admission.ts';
import { createDisconnects, type Disconnects } from './disconnects.ts';
import { type Drain } from './drain.ts';
import { type PromptQueue } from './queue/prompt-queue.ts';
import {
  forgetEarlier,
  joinEarlier,
  storeFailure,
  rememberJob,
  type Repeat,
  throwStoredFailure,
} from './retries.ts';

/** One request for an answer, from which a job is made. */
export interface JobRequest {
  /** The job's id, unless an earlier request has asked for the same already. */
  readonly id: string;
  /** Epoch ms at which the request came. */
  readonly acceptedAt: number;
  /** The model it is for. */
  readonly model: string;
  /** Makes the plan; not called when an earlier request's job is joined. */
  readonly plan: () => Promise<WholePlan>;
  /** Who sends it. The job is scheduled in this caller's turn. */
  readonly caller: Caller;
  /** Whether a chat program sends it by itself: it then runs after the prompts that people wait for. */
  readonly isBackground: boolean;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /** Whether the client gets the answer in pieces; otherwise it gets nothing before the end. */
  readonly isStreamed: boolean;
  /** Present when the client retries its requests by itself. */
  readonly repeat: Repeat | undefined;
}

/** The event stream of a job that waits or runs. */
export interface JobStream {
  /** Of the job; a repeated request has that of the first one. */
  readonly id: string;
  /** Epoch ms. */
  readonly acceptedAt: number;
  /** Epoch ms by which the job has ended at the latest. */
  readonly endsBy: number;
  /** The plan; undefined when an earlier request's job was joined. */
  readonly plan: WholePlan | undefined;
  /** All events up to the terminal one. Reading them keeps the job alive. */
  readonly events: AsyncIterable<JobEvent>;
  /** How long each phase has taken so far. */
  phases(): Promise<JobPhases>;
  /** Stores a failure that came too late for a status code, so that the client's retry gets it. */
  keepFailure(failure: ErrorRecord): Promise<void>;
}

/**
 * Submits a job. Throws `not_ready`, `not_signed_in`, `rate_limit_exceeded` or `queue_full` when the job
 * cannot be accepted. A retried request joins the job of the first attempt, or gets its stored failure.
 * Cancels the job when nobody reads its events any more.
 */
export type SubmitJob = (request: JobRequest) => Promise<JobStream>;

/** How long a prompt may take. */
export interface JobLimits {
  /** Until a worker takes it, ms. */
  readonly waitingMs: number;
  /** From being accepted to the terminal event, ms. */
  readonly totalMs: number;
}

const tooSlow = (): Error => new StudioError('timeout', 'The answer took too long.');

/** {@link SubmitJob} with a lifecycle. Disposing waits until every abandoned job is cancelled. */
export interface JobSubmitter extends AsyncDisposable {
  readonly submit: SubmitJob;
}

/** Signals of a process that drains: it accepts nothing more, and running streams must end. */
export type Ending = Pick<Drain, 'stopping' | 'over'>;

/** Creates {@link SubmitJob}, which uses the queue. */
export function createJobSubmitter(
  redis: Redis,
  streams: JobStreams,
  queue: PromptQueue,
  limits: JobLimits,
  ending: Ending,
  log: Log,
): JobSubmitter {
  const { stopping } = ending;
  const disconnects = createDisconnects(redis, queue, stopping, log);

  const enter = async (request: JobRequest): Promise<{ job: Job; plan: WholePlan }> => {
    const { id, model, acceptedAt, caller, isBackground, repeat } = request;
    await Promise.all([
      requireDriver(redis),
      requireQuota(redis, model),
      queue.requireRoom(caller.id), // before anything is downloaded for it
    ]);
    const plan = await request.plan();
    stopping.throwIfAborted();
    const job = { id, model, acceptedAt, isBackground };
    const { id: owner, priority } = caller;
    await queue.enter(job, plan, { owner, priority });
    if (repeat) await rememberJob(redis, repeat, job, limits.totalMs);
    return { job, plan };
  };

  return {
    async submit(request) {
      const { id, repeat } = request;
      stopping.throwIfAborted();
      requireRedis(redis);
      if (repeat && !repeat.isRepeated) await forgetEarlier(redis, repeat);
      if (repeat) await throwStoredFailure(redis, repeat);
      const earlier = repeat && (await joinEarlier(redis, repeat, id, limits.totalMs));
      if (earlier) log.info('joined an earlier request', { requestId: id, job: earlier.id });
      const { job, plan } = earlier ? { job: earlier, plan: undefined } : await enter(request);
      return {
        id: job.id,
        acceptedAt: job.acceptedAt,
        endsBy: job.acceptedAt + limits.totalMs,
        plan,
        events: read({ redis, streams, queue, limits, ending, disconnects, log }, job, request),
        phases: () => readJobPhases(redis, job.id),
        async keepFailure(failure) {
          if (repeat) await storeFailure(redis, repeat, failure);
        },
      };
    },
    [Symbol.asyncDispose]: () => disconnects[Symbol.asyncDispose](),
  };
}

/** What is needed to read a job's events. */
interface JobReading {
  readonly redis: Redis;
  readonly streams: JobStreams;
  readonly queue: PromptQueue;
  readonly limits: JobLimits;
  readonly ending: Ending;
  readonly disconnects: Disconnects;
  readonly log: Log;
}

async function* read(reading: JobReading, job: Job, request: JobRequest): AsyncGenerator<JobEvent> {
  const { streams, limits, ending, disconnects } = reading;
  const { id: reader, signal, isStreamed, repeat } = request;
  const leftMs = job.acceptedAt + limits.totalMs - Date.now();
  using connection = disconnects.track(job, reader, repeat !== undefined);
  using lease = holdReaderLease(reading, job, reader);
  const ends = AbortSignal.any([signal, lease.signal, ending.over]);
  using limit = deadline(leftMs, tooSlow, ends);
  for await (const event of streams.read(job.id, limit.signal)) {
    lease.hasStarted = true;
    connection.hasEnded = isTerminal(event);
    connection.hasContent ||= isStreamed && isContent(event);
    yield event;
  }
}

/** A reader lease that is renewed until disposed. The signal aborts when the job still waits and the process drains. */
interface HeldReaderLease extends Disposable {
  hasStarted: boolean;
  readonly signal: AbortSignal;
}

/** `failure`: why an earlier attempt gave the prompt back to the queue. */
function waitedTooLong(failure: ErrorRecord | undefined): StudioError {
  if (!failure) {
    const message =
      'No page became free in time (QUEUE_TIMEOUT). GET /health says what the pages do.';
    return new StudioError('timeout', message);
  }
  const why =
    'A first attempt failed, and no page became free for another in time (QUEUE_TIMEOUT): ';
  return new StudioError('timeout', why + failure.message, { logged: why + toLogMessage(failure) });
}

/** Renews the reader lease, and withdraws the job when it has waited too long. */
function holdReaderLease(
  { redis, queue, limits, ending: { stopping }, log }: JobReading,
  { id, acceptedAt }: Job,
  reader: string,
): HeldReaderLease {
  const waitUntil = acceptedAt + limits.waitingMs;
  const giveUp = new AbortController();
  const beat = async (): Promise<void> => {
    await renewReaderLease(redis, id, reader);
    if (lease.hasStarted) return;
    if (stopping.aborted && (await queue.isWaiting(id))) giveUp.abort(stopping.reason);
    if (Date.now() < waitUntil) return;
    await queue.withdraw(id, waitedTooLong(await readGivenBackFailure(redis, id)));
  };
  const safely = (): void => {
    beat().catch((error: unknown) => log.warn('lease not renewed', { requestId: id, error }));
  };
  const renewal = setInterval(safely, LEASE_RENEWAL_MS);
  const end = setTimeout(safely, waitUntil - Date.now());
  stopping.addEventListener('abort', safely);
  if (stopping.aborted) safely();
  const lease = {
    hasStarted: false,
    signal: giveUp.signal,
    [Symbol.dispose]() {
      clearInterval(renewal);
      clearTimeout(end);
      stopping.removeEventListener('abort', safely);
    },
  };
  return lease;
}
