import {
  beginAttempt,
  deadline,
  isContent,
  isTerminal,
  type Job,
  type JobEvent,
  type JobPhases,
  type JobWriter,
  type Log,
  names,
  Plan,
  StudioError,
  toErrorRecord,
} from '@aistudio/core';
import { type Redis } from 'ioredis';

import { type Cancellations } from './cancellations.ts';
import { holdLease } from './lease.ts';
import { findModel } from './model-list.ts';
import { toPrompt } from './prompt.ts';
import { coolDown, refuseWhileCooling } from './quota.ts';
import { type Slots } from './slots.ts';
import { createPhases, type Phases } from './tiers/phases.ts';
import { runTiers } from './tiers/run-tiers.ts';
import { type Tier } from './tiers/tier.ts';

/** What answering jobs takes. */
export interface RunJobOptions {
  readonly redis: Redis;
  readonly slots: Slots;
  readonly tiers: readonly Tier[];
  readonly cancellations: Cancellations;
  /** Longest time from getting a slot to the end, ms. */
  readonly completionMs: number;
  /** How long a model rests after a quota answer that does not say it itself, s. */
  readonly coolDownSeconds: number;
  readonly log: Log;
}

/**
 * Answers one job, as the only writer of its event stream, which ends in exactly one `finish` or
 * `error`. Throws only when Redis fails; `shutdown` ends it early.
 */
export async function runJob(
  options: RunJobOptions,
  job: Job,
  shutdown: AbortSignal,
): Promise<void> {
  const { redis, cancellations } = options;
  const phases = createPhases(Date.now() - job.acceptedAt);
  const log = options.log.child({ requestId: job.id });
  const writer = await beginAttempt(redis, job.id);
  if (!writer) return;
  using cancel = cancellations.watch(job.id);
  await using lease = await holdLease(writer, log);
  const signal = AbortSignal.any([cancel.signal, lease.signal, shutdown]);
  const output = new Output(writer, phases);
  const fail = async (error: unknown): Promise<void> => {
    const record = toErrorRecord(error);
    const { code, message } = record;
    const { attempt } = writer;
    if (code === 'internal_error') log.error('request failed', { attempt, error });
    else if (code === 'request_cancelled') log.info('request cancelled', { attempt });
    else log.warn('request failed', { code, attempt, reason: message });
    await output.write({ type: 'error', error: record });
  };
  try {
    await answer(options, job, output, phases, fail, log, signal);
    if (!output.isClosed) throw new Error('the answer ended without an end');
  } catch (error) {
    await fail(error);
  }
}

/** The job's event stream, as far as it has come. */
class Output {
  readonly #writer: JobWriter;
  readonly #phases: Phases;
  hasContent = false;
  isClosed = false;

  constructor(writer: JobWriter, phases: Phases) {
    this.#writer = writer;
    this.#phases = phases;
  }

  async write(event: JobEvent): Promise<void> {
    if (this.isClosed) return;
    const phases = this.#phasesWith(event);
    if (isContent(event)) this.hasContent = true;
    this.isClosed = isTerminal(event);
    const isOurs = await this.#writer.append(event, phases);
    if (!isOurs) this.isClosed = true; // somebody else has ended it
  }

  /** The phases, with the events that release a client's headers or end its answer. */
  #phasesWith(event: JobEvent): JobPhases | undefined {
    if (isTerminal(event)) return this.#phases.readAll();
    return isContent(event) && !this.hasContent ? this.#phases.read() : undefined;
  }
}

async function answer(
  options: RunJobOptions,
  job: Job,
  output: Output,
  phases: Phases,
  fail: (error: unknown) => Promise<void>,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { redis, slots, completionMs } = options;
  signal.throwIfAborted();
  const [planJson, models] = await redis.mget(names.plan(job.id), names.models);
  if (!planJson)
    throw new StudioError('not_ready', 'The request is no longer stored. Send it again.');
  const asked = Plan.parse(JSON.parse(planJson));
  const model = findModel(models ?? null, asked.model);
  const plan = { ...asked, model: model?.id ?? asked.model };
  await refuseWhileCooling(redis, plan.model);
  const prompt = toPrompt(plan);

  let giveUpAt: number | undefined;
  for (let round = 0; ; round++) {
    using lease = await slots.lease(signal);
    phases.mark('prepare');
    giveUpAt ??= Date.now() + completionMs;
    const { slot } = lease;
    using limit = deadline(giveUpAt - Date.now(), () => tooSlow(completionMs), signal);
    const within = AbortSignal.any([limit.signal, slot.lost]);
    const assignment = { plan, prompt, model, slot, phases, log };
    try {
      for await (const event of runTiers(options.tiers, assignment, within)) {
        const said = event.type === 'error' ? await coolDown(options, plan.model, event) : event;
        if (said.type === 'error' && said.error.code === 'not_signed_in') {
          slot.distrust('it is signed out');
        }
        await output.write(said);
        if (output.isClosed) {
          const end = event.type === 'finish' ? event.reason : event.type;
          log.info('answered', { model: plan.model, slot: slot.id, end, ...phases.readAll() });
          return;
        }
      }
      return;
    } catch (error) {
      if (signal.aborted) throw error;
      slot.distrust(error instanceof Error ? error.message : 'unknown');
      if (slot.lost.aborted && !output.hasContent && round === 0) {
        log.warn('the page was lost before the answer began, trying another');
        continue;
      }
      await fail(slot.lost.aborted && output.hasContent ? interrupted(error) : error);
      await slot.keepEvidence(error);
      return;
    }
  }
}

const interrupted = (cause: unknown): StudioError =>
  new StudioError(
    'upstream_interrupted',
    'The browser crashed in the middle of the answer. Send the request again.',
    { cause },
  );

const tooSlow = (ms: number): StudioError =>
  new StudioError('timeout', `The answer took longer than ${ms / 1000} s.`);
