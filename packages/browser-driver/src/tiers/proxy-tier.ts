import { type CaptureRecord, isTerminal, type JobEvent, StudioError } from '@aistudio/core';

import { type CaptureReader } from '../capture-feed.ts';
import { ask } from './ask.ts';
import { holdGeneration } from './generation.ts';
import { type Assignment, type Tier, TierFailedError } from './tier.ts';

/** How often we look whether the proxy is still there while it says nothing, ms. */
const LOOK_MS = 1000;

type RequestRecord = Extract<CaptureRecord, { type: 'request' }>;

/**
 * The page's own answer, as the stream proxy decodes it while it passes. `silenceMs`: longest time
 * without a sign of life from the service.
 */
export function createProxyTier(options: { readonly silenceMs: number }): Tier {
  return {
    name: 'stream-proxy',
    usesPage: true,
    async *answer(assignment, signal) {
      const { captures, page } = assignment.slot;
      if (!captures) throw gaveUp('upstream_error', 'This page has no stream proxy.', 'restart');
      using reader = await captures.follow();
      await using generation = holdGeneration(page);
      const awaitRequest = (ms: number, within: AbortSignal): Promise<RequestRecord | undefined> =>
        nextRequest(assignment, reader, ms, within);
      const { exchange } = await ask(assignment, awaitRequest, signal);
      try {
        yield* relayExchange(assignment, reader, exchange, options.silenceMs, signal);
        generation.letGo();
      } catch (error) {
        if (error instanceof TierFailedError && error.takeover === 'resume') generation.letGo();
        throw error;
      }
    },
  };
}

async function nextRequest(
  assignment: Assignment,
  reader: CaptureReader,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<RequestRecord | undefined> {
  const giveUpAt = Date.now() + timeoutMs;
  for (let left = timeoutMs; left > 0; left = giveUpAt - Date.now()) {
    const record = await reader.next(Math.min(left, LOOK_MS), signal);
    if (record?.type === 'request') return record;
    if (!record) await requireProxy(assignment, signal);
  }
  return undefined;
}

async function* relayExchange(
  assignment: Assignment,
  reader: CaptureReader,
  exchange: string,
  silenceMs: number,
  signal: AbortSignal,
): AsyncGenerator<JobEvent> {
  const { log, phases, plan, slot } = assignment;
  let isFirst = true;
  let heardAt = Date.now();
  for (;;) {
    const record = await reader.next(Math.min(silenceMs, LOOK_MS), signal);
    if (!record) {
      await requireProxy(assignment, signal);
      if (Date.now() - heardAt < silenceMs) continue;
      throw new StudioError('timeout', `AI Studio was silent for ${silenceMs / 1000} s.`);
    }
    if (record.type === 'models' || record.exchange !== exchange) continue;
    heardAt = Date.now();
    if (record.type === 'response') {
      if (record.status === 403) slot.distrust('it was refused, and tends to be until reloaded');
      if (record.status < 400) yield { type: 'started', tier: 'stream-proxy', model: plan.model };
    } else if (record.type === 'event') {
      if (isFirst) phases.mark('first_event');
      isFirst = false;
      yield record.event;
      if (isTerminal(record.event)) return;
    } else if (record.type === 'end') {
      if (record.unknownFrames > 0) log.warn('unknown frames', { count: record.unknownFrames });
      throw endedEarly(record.end);
    }
  }
}

/** Throws when the page's call is over and the proxy, which should have told, says nothing. */
async function requireProxy({ slot }: Assignment, signal: AbortSignal): Promise<void> {
  const outcome = (await slot.evidence?.call(0, signal))?.settled;
  if (!outcome) return;
  const isWhole = outcome.type === 'answered' && outcome.events.at(-1)?.type === 'finish';
  throw isWhole
    ? gaveUp('upstream_error', 'The stream proxy told nothing of the answer’s end.', 'resume')
    : gaveUp('upstream_interrupted', 'The stream proxy broke off with the answer.', 'restart');
}

/** An exchange that ended before its terminal event: what that means for the answer. */
function endedEarly(end: Extract<CaptureRecord, { type: 'end' }>['end']): TierFailedError {
  return end === 'undecodable'
    ? gaveUp('upstream_error', 'The answer came in a form that is not known here.', 'resume')
    : gaveUp('upstream_interrupted', `AI Studio's answer broke off (${end}).`, 'final');
}

function gaveUp(
  code: 'upstream_error' | 'upstream_interrupted',
  message: string,
  takeover: TierFailedError['takeover'],
): TierFailedError {
  return new TierFailedError(code, message, { takeover });
}
