import {
  deadline,
  type ErrorRecord,
  type Job,
  type Log,
  type ModelInfo,
  names,
  Plan,
  readStoredFiles,
  StudioError,
  toErrorRecord,
  toLogMessage,
} from '@aistudio/core';
import { type Redis } from 'ioredis';

import { explainPaidModel, findModel } from '../model-list.ts';
import { PageError } from '../page/page-error.ts';
import { type StudioPage } from '../page/studio-page.ts';
import { type WorkerPool } from '../queue/worker-pool.ts';
import { type Slot, type SlotLease } from '../slots/slot.ts';
import { type Phases } from '../tiers/phases.ts';
import { runTiers } from '../tiers/run-tiers.ts';
import { type Assignment, type Tier } from '../tiers/tier.ts';
import { preparePromptRendering } from '../tools/prompt-rendering.ts';
import { type JobOutput } from './job-output.ts';
import { type KnownFailures } from './known-failures.ts';
import { coolDown, type QuotaOptions, refuseWhileCooling } from './quota.ts';

/** How often a job goes from one worker to another before a failure ends it. */
const MAX_ATTEMPTS = 6;

/** What answering jobs takes. */
export interface AnswerJobOptions extends QuotaOptions {
  readonly redis: Redis;
  readonly pool: WorkerPool;
  readonly tiers: readonly Tier[];
  readonly knownFailures: KnownFailures;
  /** The models of our account; undefined while they are not known. */
  readonly models: () => readonly ModelInfo[] | undefined;
  /** Longest time from a page to the end, ms. */
  readonly completionMs: number;
  readonly log: Log;
}

/** One attempt at one job. */
export interface Attempt {
  readonly job: Job;
  readonly page: SlotLease;
  readonly output: JobOutput;
  readonly phases: Phases;
  /** Its number, from 1. */
  readonly attempt: number;
  /** Why the attempt before this one gave the job back. */
  readonly failedBefore: ErrorRecord | undefined;
  readonly signal: AbortSignal;
  readonly requireTurn: Assignment['requireTurn'];
}

/**
 * Answers a job, up to the end of its event stream. Gives a failure where nothing of an answer was sent
 * and another page or worker may do better. Throws the signal's reason.
 */
export async function answerJob(
  options: AnswerJobOptions,
  attempt: Attempt,
): Promise<ErrorRecord | undefined> {
  const { log } = options;
  const { job, page, phases, signal } = attempt;
  const { slot } = page;
  if (signal.aborted) page.putBack();
  signal.throwIfAborted();
  let plan: Plan;
  let model: ModelInfo | undefined;
  try {
    ({ plan, model } = await readPlan(options, job));
  } catch (error) {
    page.putBack();
    return handleFailure(options, attempt, {
      model: job.model,
      record: toErrorRecord(error),
      cause: error,
    });
  }
  using limit = deadline(
    options.completionMs,
    () => tooSlow(options.completionMs, slot.page),
    signal,
  );
  const within = AbortSignal.any([limit.signal, slot.lost]);
  try {
    const rendering = await preparePromptRendering(plan, model);
    await slot.page.refresh(); // a page pack may have come since the page was prepared
    phases.mark('prepare');
    log.info('page taken', { slot: slot.id, model: plan.model });
    sayWhoseTurn(options, slot.id, job.id);
    const { requireTurn } = attempt;
    const readFile = readStoredFiles(options.redis, job.id);
    const assignment = { plan, readFile, rendering, model, slot, phases, requireTurn, log };
    return await relay(options, assignment, attempt, within);
  } catch (error) {
    if (signal.aborted) throw error;
    const failure = onPage(options, attempt, error);
    const given =
      failure ?? (await handleFailure(options, attempt, toTrouble(plan.model, attempt, error)));
    await slot.keepEvidence(error);
    return given;
  }
}

/** The plan, for a model of our account whose quota does not rest. */
async function readPlan(
  options: AnswerJobOptions,
  job: Job,
): Promise<{ plan: Plan; model: ModelInfo | undefined }> {
  const { redis, models, pool } = options;
  const [planJson] = await Promise.all([
    redis.get(names.plan(job.id)),
    refuseWhileCooling(options, job.model),
  ]);
  if (planJson === null) {
    throw new StudioError('not_ready', 'The request is no longer stored. Send it again.');
  }
  const asked = Plan.parse(JSON.parse(planJson));
  const failure = pool.failureOf(asked.model);
  try {
    const model = findModel(models(), asked.model);
    return { plan: { ...asked, model: model?.id ?? asked.model }, model };
  } catch (cause) {
    if (!failure) throw cause;
    const message = `The account that has '${asked.model}' does not work at present. ${failure.message}`;
    throw new StudioError('not_ready', message, { cause });
  }
}

/** What went wrong with a model, in the client's words, and its cause for the log. */
interface Trouble {
  readonly model: string;
  readonly record: ErrorRecord;
  readonly cause: unknown;
}

const toTrouble = (model: string, { page, output }: Attempt, error: unknown): Trouble => {
  const cause = page.slot.lost.aborted && output.hasContent ? interrupted(error) : error;
  return { model, record: toErrorRecord(cause), cause };
};

/**
 * A failure on the page: remembers what it says about the page, and gives it where nothing was asked and
 * another page may do.
 */
function onPage(
  { knownFailures, log }: AnswerJobOptions,
  { page: { slot }, output, failedBefore }: Attempt,
  error: unknown,
): ErrorRecord | undefined {
  const record = toErrorRecord(error);
  const { message } = record;
  const isKnown = error instanceof PageError && knownFailures.has(message);
  const isClients = record.type === 'invalid_request_error' && !(error instanceof PageError);
  if (!isKnown && !isClients) slot.requireRecovery(toLogMessage(error)); // else another page would be the same
  const isLacking = error instanceof PageError && error.isLacking;
  if (isLacking && message === failedBefore?.message) knownFailures.add(message);
  if (failedBefore || isKnown || output.hasContent || !isWorthAnotherPage(slot, error)) {
    return undefined;
  }
  const reason = toLogMessage(error);
  log.warn('the page failed before the answer began, another is to try', { reason });
  return record;
}

/** Lost with its page, or failed on the page with nothing asked: another page may do. */
const isWorthAnotherPage = (slot: Slot, error: unknown): boolean =>
  slot.lost.aborted ||
  (error instanceof PageError && error.isUnsent && error.code === 'upstream_error');

/** Failures of the account, not of the request: another account may answer it. */
const ACCOUNTS: ReadonlySet<string> = new Set([
  'rate_limit_exceeded',
  'not_signed_in',
  'model_not_found',
]);

/** Ends the job with a failure; gives that instead where another worker can answer. */
async function handleFailure(
  options: AnswerJobOptions,
  { output, attempt }: Attempt,
  { model, record, cause }: Trouble,
): Promise<ErrorRecord | undefined> {
  const { pool, log } = options;
  const failure = await coolDown(options, model, record);
  if (ACCOUNTS.has(failure.code) && !output.hasContent && attempt < MAX_ATTEMPTS) {
    await pool.refresh();
    if (pool.othersCanServe(model)) {
      log.warn('left to another worker', { code: failure.code, model });
      return failure;
    }
  }
  await output.fail(failure, cause);
  return undefined;
}

/** Tells the stream proxy, for its log, what the slot works on. Before Run is pressed it has arrived. */
function sayWhoseTurn(
  { redis, completionMs, log }: AnswerJobOptions,
  slot: string,
  id: string,
): void {
  redis.set(names.slotJob(slot), id, 'PX', completionMs + 1).catch((error: unknown) => {
    log.warn('stream proxy not told of the job', { error });
  });
}

/** Passes the answer on until it has ended; gives what {@link handleFailure} does of an error. */
async function relay(
  options: AnswerJobOptions,
  assignment: Assignment,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<ErrorRecord | undefined> {
  const { log, phases, plan, slot } = assignment;
  const { output } = attempt;
  for await (const event of runTiers(options.tiers, assignment, signal)) {
    if (event.type === 'error') {
      if (event.error.code === 'not_signed_in') slot.requireRecovery('it is signed out');
      const record = explainPaidModel(event.error, assignment.model);
      // Before the tiers clean up after themselves: the client waits.
      return await handleFailure(options, attempt, {
        model: plan.model,
        record,
        cause: event.error,
      });
    }
    await output.write(event);
    if (event.type !== 'finish') {
      if (output.isClosed) return undefined; // somebody else has ended it
      continue;
    }
    log.info('answered', {
      model: plan.model,
      slot: slot.id,
      end: event.reason,
      ...phases.readAll(),
    });
    return undefined;
  }
  return undefined;
}

const interrupted = (cause: unknown): StudioError =>
  new StudioError(
    'upstream_interrupted',
    'The browser crashed in the middle of the answer. Send the request again.',
    { cause },
  );

/** The step that the page was at is said as long as nothing was asked. */
function tooSlow(ms: number, { preparing }: StudioPage): StudioError {
  const limit = `${ms / 1000} s (RESPONSE_COMPLETION_TIMEOUT)`;
  return preparing === undefined
    ? new StudioError('timeout', `The answer took longer than ${limit}.`)
    : new PageError(preparing, `the time was up (${limit})`, { code: 'timeout' });
}
