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
import { createDepartures, type Departures } from './disconnects.ts';
import { type Drain } from './drain.ts';
import { type PromptQueue } from './queue/prompt-queue.ts';
import {
  forgetEarlier,
  joinEarlier,
  keepUntold,
  rememberJob,
  type Repeat,
  tellUntold,
} from './retries.ts';

/** One request for an answer. */
export interface Question {
  /** The job's id, unless an earlier request has asked for the same already. */
  readonly id: string;
  /** Epoch ms at which the request came. */
  readonly acceptedAt: number;
  /** The model it is for. */
  readonly model: string;
  /** Gives what to do; not called where the answer to an earlier request is joined. */
  readonly plan: () => Promise<WholePlan>;
  /** Who asks; the key's turn it is that the job waits for. */
  readonly caller: Caller;
  /** Whether nobody waits for the answer: it is to come after those that somebody waits for. */
  readonly isBackground: boolean;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  /** Whether the client gets the answer in pieces; otherwise it gets nothing before the end. */
  readonly isStreamed: boolean;
  /** Present when the client repeats its requests by itself. */
  readonly repeat: Repeat | undefined;
}

/** An answer that has begun, or waits for its turn. */
export interface Answer {
  /** Of the job; a repeated request has that of the first one. */
  readonly id: string;
  /** Epoch ms. */
  readonly acceptedAt: number;
  /** Epoch ms by which it has ended, whatever happens. */
  readonly endsBy: number;
  /** What is done; undefined where the answer to an earlier request is joined. */
  readonly plan: WholePlan | undefined;
  /** Up to the terminal event. To be read: that is what keeps the job alive. */
  readonly events: AsyncIterable<JobEvent>;
  /** What the way here has taken so far. */
  phases(): Promise<JobPhases>;
  /** Keeps a failure that came too late for its status, for the client's next try, if it tries by itself. */
  keepFailure(failure: ErrorRecord): Promise<void>;
}

/**
 * Has a plan carried out. Throws when it cannot be taken: `not_ready`, `not_signed_in`,
 * `rate_limit_exceeded`, `queue_full`. A repeated request gets the answer that is already on its way,
 * or has just been given, or the failure that it could not be told. Cancels the job when nobody reads it any more.
 */
export type Ask = (question: Question) => Promise<Answer>;

/** How long a prompt may take. */
export interface AskLimits {
  /** Until a worker takes it, ms. */
  readonly waitingMs: number;
  /** From being accepted to the terminal event, ms. */
  readonly totalMs: number;
}

const tooSlow = (): Error => new StudioError('timeout', 'The answer took too long.');

/** {@link Ask}, which can be brought to an end. Disposing waits until every job it gave up is cancelled. */
export interface Asking extends AsyncDisposable {
  readonly ask: Ask;
}

/** When the process takes nothing more, and when what it has begun must end. */
export type Ending = Pick<Drain, 'stopping' | 'over'>;

/** {@link Ask} by way of the queue. */
export function createAsk(
  redis: Redis,
  streams: JobStreams,
  queue: PromptQueue,
  limits: AskLimits,
  ending: Ending,
  log: Log,
): Asking {
  const { stopping } = ending;
  const departures = createDepartures(redis, queue, stopping, log);

  const enter = async (question: Question): Promise<{ job: Job; plan: WholePlan }> => {
    const { id, model, acceptedAt, caller, isBackground, repeat } = question;
    await Promise.all([
      requireDriver(redis),
      requireQuota(redis, model),
      queue.requireRoom(caller.id), // before anything is downloaded for it
    ]);
    const plan = await question.plan();
    stopping.throwIfAborted();
    const job = { id, model, acceptedAt, isBackground };
    const { id: owner, priority } = caller;
    await queue.enter(job, plan, { owner, priority });
    if (repeat) await rememberJob(redis, repeat, job, limits.totalMs);
    return { job, plan };
  };

  return {
    async ask(question) {
      const { id, repeat } = question;
      stopping.throwIfAborted();
      requireRedis(redis);
      if (repeat && !repeat.isRepeated) await forgetEarlier(redis, repeat);
      if (repeat) await tellUntold(redis, repeat);
      const earlier = repeat && (await joinEarlier(redis, repeat, id, limits.totalMs));
      if (earlier) log.info('joined an earlier request', { requestId: id, job: earlier.id });
      const { job, plan } = earlier ? { job: earlier, plan: undefined } : await enter(question);
      return {
        id: job.id,
        acceptedAt: job.acceptedAt,
        endsBy: job.acceptedAt + limits.totalMs,
        plan,
        events: read({ redis, streams, queue, limits, ending, departures, log }, job, question),
        phases: () => readJobPhases(redis, job.id),
        async keepFailure(failure) {
          if (repeat) await keepUntold(redis, repeat, failure);
        },
      };
    },
    [Symbol.asyncDispose]: () => departures[Symbol.asyncDispose](),
  };
}

/** What reading a job's events takes. */
interface Reading {
  readonly redis: Redis;
  readonly streams: JobStreams;
  readonly queue: PromptQueue;
  readonly limits: AskLimits;
  readonly ending: Ending;
  readonly departures: Departures;
  readonly log: Log;
}

async function* read(reading: Reading, job: Job, question: Question): AsyncGenerator<JobEvent> {
  const { streams, limits, ending, departures } = reading;
  const { id: reader, signal, isStreamed, repeat } = question;
  const leftMs = job.acceptedAt + limits.totalMs - Date.now();
  using departure = departures.expect(job, reader, repeat !== undefined);
  using attendance = attend(reading, job, reader);
  const ends = AbortSignal.any([signal, attendance.signal, ending.over]);
  using limit = deadline(leftMs, tooSlow, ends);
  for await (const event of streams.read(job.id, limit.signal)) {
    attendance.hasStarted = true;
    departure.hasEnded = isTerminal(event);
    departure.hasContent ||= isStreamed && isContent(event);
    yield event;
  }
}

/** A reader that keeps its lease. The signal aborts when the job waits and the process stops. */
interface Attendance extends Disposable {
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

/** Keeps the reader's lease, and gives up waiting when the time for that is over. */
function attend(
  { redis, queue, limits, ending: { stopping }, log }: Reading,
  { id, acceptedAt }: Job,
  reader: string,
): Attendance {
  const waitUntil = acceptedAt + limits.waitingMs;
  const giveUp = new AbortController();
  const beat = async (): Promise<void> => {
    await renewReaderLease(redis, id, reader);
    if (attendance.hasStarted) return;
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
  const attendance = {
    hasStarted: false,
    signal: giveUp.signal,
    [Symbol.dispose]() {
      clearInterval(renewal);
      clearTimeout(end);
      stopping.removeEventListener('abort', safely);
    },
  };
  return attendance;
}
