import {
  beginAttempt,
  deadline,
  type Job,
  type Log,
  names,
  Plan,
  StudioError,
  toErrorRecord,
} from '@aistudio/core';
import { type Redis } from 'ioredis';

import { explainPaidModel, findModel } from '../model-list.ts';
import { PageError } from '../page/page-error.ts';
import { type StudioPage } from '../page/studio-page.ts';
import { type Slot } from '../slots/slot.ts';
import { type Slots } from '../slots/slots.ts';
import { createPhases, type Phases } from '../tiers/phases.ts';
import { runTiers } from '../tiers/run-tiers.ts';
import { type Assignment, type Tier } from '../tiers/tier.ts';
import { prepareWording } from '../tools/wording.ts';
import { type Cancellations } from './cancellations.ts';
import { JobOutput } from './job-output.ts';
import { type KnownFailures } from './known-failures.ts';
import { holdLease } from './lease.ts';
import { coolDown, refuseWhileCooling } from './quota.ts';

/** What answering jobs takes. */
export interface RunJobOptions {
  readonly redis: Redis;
  readonly slots: Slots;
  readonly tiers: readonly Tier[];
  readonly cancellations: Cancellations;
  readonly knownFailures: KnownFailures;
  /** Longest time from the queue to the end, ms. */
  readonly completionMs: number;
  /** How long a model rests after a quota answer that does not say it itself, s. */
  readonly coolDownSeconds: number;
  readonly log: Log;
}

/**
 * Answers one job, as the only writer of its event stream, which ends in exactly one `finish` or
 * `error`. `held`: another worker's lease on the job has not lapsed, so it is to be tried again later.
 * Throws only when Redis fails; `shutdown` ends it early.
 */
export async function runJob(
  options: RunJobOptions,
  job: Job,
  shutdown: AbortSignal,
): Promise<'done' | 'held'> {
  const { redis, cancellations } = options;
  const phases = createPhases(Date.now() - job.acceptedAt);
  const log = options.log.child({ requestId: job.id });
  const writer = await beginAttempt(redis, job.id);
  if (writer === 'held') return 'held';
  if (writer === 'over') return 'done';
  using cancel = cancellations.watch(job.id);
  await using lease = await holdLease(writer, log);
  const signal = AbortSignal.any([cancel.signal, lease.signal, shutdown]);
  const output = new JobOutput(writer, phases, log);
  try {
    await answer({ ...options, log }, job, output, phases, signal);
    if (!output.isClosed) throw new Error('the answer ended without an end');
  } catch (error) {
    await output.fail(toErrorRecord(error), error);
  }
  return 'done';
}

async function answer(
  options: RunJobOptions,
  job: Job,
  output: JobOutput,
  phases: Phases,
  signal: AbortSignal,
): Promise<void> {
  const { redis, slots, completionMs, knownFailures, log } = options;
  signal.throwIfAborted();
  const [planJson, models] = await redis.mget(names.plan(job.id), names.models);
  if (!planJson) {
    throw new StudioError('not_ready', 'The request is no longer stored. Send it again.');
  }
  const asked = Plan.parse(JSON.parse(planJson));
  const model = findModel(models ?? null, asked.model);
  const plan = { ...asked, model: model?.id ?? asked.model };
  await refuseWhileCooling(redis, plan.model);
  const wording = await prepareWording(plan, model);

  let page: StudioPage | undefined;
  using limit = deadline(completionMs, () => tooSlow(completionMs, page), signal);
  let failedBefore: string | undefined;
  for (let round = 0; ; round++) {
    using lease = await slots.lease(limit.signal);
    const { slot } = lease;
    ({ page } = slot);
    await page.refresh(); // a page pack may have come since the page was prepared
    phases.mark('prepare');
    log.info('page taken', { slot: slot.id, model: plan.model });
    sayWhoseTurn(redis, slot.id, job.id, completionMs, log);
    const within = AbortSignal.any([limit.signal, slot.lost]);
    const assignment = { plan, wording, model, slot, phases, log };
    try {
      await relay(options, assignment, output, within);
      return;
    } catch (error) {
      if (signal.aborted) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const isKnown = error instanceof PageError && knownFailures.has(reason);
      if (!isKnown) slot.distrust(reason); // else another page would be the same
      const isLacking = error instanceof PageError && error.isLacking;
      if (reason === failedBefore && isLacking) knownFailures.add(reason);
      if (round === 0 && !output.hasContent && !isKnown && isWorthAnotherPage(slot, error)) {
        log.warn('the page failed before the answer began, trying another', { reason });
        failedBefore = reason;
        await slot.keepEvidence(error);
        continue;
      }
      const said = slot.lost.aborted && output.hasContent ? interrupted(error) : error;
      await output.fail(await coolDown(options, plan.model, toErrorRecord(said)), said);
      await slot.keepEvidence(error);
      return;
    }
  }
}

/** Tells the stream proxy, for its log, what the slot works on. Before Run is pressed it has arrived. */
function sayWhoseTurn(redis: Redis, slot: string, id: string, ms: number, log: Log): void {
  redis.set(names.slotJob(slot), id, 'PX', ms + 1).catch((error: unknown) => {
    log.warn('stream proxy not told of the job', { error });
  });
}

/** Lost with its page, or failed on the page with nothing asked: another page may do. */
const isWorthAnotherPage = (slot: Slot, error: unknown): boolean =>
  slot.lost.aborted ||
  (error instanceof PageError && error.isUnsent && error.code === 'upstream_error');

/** Passes the answer on until it has ended. */
async function relay(
  options: RunJobOptions,
  assignment: Assignment,
  output: JobOutput,
  signal: AbortSignal,
): Promise<void> {
  const { log, phases, plan, slot } = assignment;
  for await (const event of runTiers(options.tiers, assignment, signal)) {
    if (event.type === 'error') {
      if (event.error.code === 'not_signed_in') slot.distrust('it is signed out');
      const error = explainPaidModel(event.error, assignment.model);
      await output.fail(await coolDown(options, plan.model, error), event.error);
    } else await output.write(event);
    if (!output.isClosed) continue;
    const end = event.type === 'finish' ? event.reason : event.type;
    log.info('answered', { model: plan.model, slot: slot.id, end, ...phases.readAll() });
    return;
  }
}

const interrupted = (cause: unknown): StudioError =>
  new StudioError(
    'upstream_interrupted',
    'The browser crashed in the middle of the answer. Send the request again.',
    { cause },
  );

/** `page`: the one that had the prompt; the step it was at is said as long as nothing was asked. */
function tooSlow(ms: number, page: StudioPage | undefined): StudioError {
  if (!page) {
    const message = `No page became ready within ${limitIn(ms)}; GET /health says why.`;
    return new StudioError('timeout', message);
  }
  const { preparing } = page;
  return preparing === undefined
    ? new StudioError('timeout', `The answer took longer than ${limitIn(ms)}.`)
    : new PageError(preparing, `the time was up (${limitIn(ms)})`, { code: 'timeout' });
}

const limitIn = (ms: number): string => `${ms / 1000} s (RESPONSE_COMPLETION_TIMEOUT)`;
