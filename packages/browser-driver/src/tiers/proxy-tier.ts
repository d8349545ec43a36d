import { type CaptureRecord, isTerminal, type JobEvent, StudioError } from '@aistudio/core';

import { type CaptureReader } from '../capture-feed.ts';
import { toTrouble } from '../page/trouble.ts';
import { type Wanted } from '../page/wanted.ts';
import { mismatches } from '../verify-request.ts';
import { fillPage } from './ask.ts';
import { type Assignment, type Tier, TierFailedError } from './tier.ts';

/** From Run to the page's request; real pages take up to 5 s (page.md §11), ms. */
const SUBMIT_MS = 10_000;
/** How often to look whether the page gave up instead of asking, ms. */
const LOOK_MS = 500;
/** How long pressing Stop may take before the slot's recovery sees to it, ms. */
const STOP_MS = 2000;

type RequestRecord = Extract<CaptureRecord, { type: 'request' }>;

/**
 * The page's own answer, as the stream proxy decodes it while it passes. `silenceMs`: longest time
 * without a sign of life from the service.
 */
export function createProxyTier(options: { readonly silenceMs: number }): Tier {
  return {
    name: 'stream-proxy',
    async *answer(assignment, signal) {
      const { captures, page } = assignment.slot;
      if (!captures) throw gaveUp('upstream_error', 'This page has no stream proxy.', 'restart');
      using reader = await captures.follow();
      let isRunning = true;
      try {
        const request = await ask(assignment, reader, signal);
        yield* relayExchange(assignment, reader, request.exchange, options.silenceMs, signal);
        isRunning = false;
      } finally {
        if (isRunning) await page.stop(AbortSignal.timeout(STOP_MS)).catch(() => false);
      }
    },
  };
}

/** Fills the page and sends the prompt; what left the page is what was wanted, or this throws. */
async function ask(
  assignment: Assignment,
  reader: CaptureReader,
  signal: AbortSignal,
): Promise<RequestRecord> {
  const { log, phases, slot } = assignment;
  for (let round = 0; ; round++) {
    const wanted = await fillPage(assignment, signal);
    phases.mark('fill');
    const request = await submit(assignment, reader, signal);
    phases.mark('submit');
    const wrong = differences(assignment, request, wanted);
    if (wrong.length === 0) return request;
    log.warn('the page sent something else', { wrong, round });
    slot.distrust('it sent something else than its controls show');
    await slot.page.stop(signal);
    if (round === 1) {
      throw new StudioError(
        'upstream_error',
        `AI Studio's page does not send what was asked: ${wrong.join(', ')}.`,
      );
    }
    await slot.page.newChat(signal);
  }
}

function differences(assignment: Assignment, request: RequestRecord, wanted: Wanted): string[] {
  const { log, plan, prompt } = assignment;
  if (request.summary) return mismatches(request.summary, plan.settings, wanted, prompt);
  log.warn('the request could not be read', { reason: request.undecodable });
  return [];
}

/** Presses Run and waits for the page's request. Presses again only if the page took nothing. */
async function submit(
  { log, slot: { page } }: Assignment,
  reader: CaptureReader,
  signal: AbortSignal,
): Promise<RequestRecord> {
  for (let attempt = 0; attempt < 2; attempt++) {
    await page.run(signal);
    const giveUpAt = Date.now() + SUBMIT_MS;
    for (let left = SUBMIT_MS; left > 0; left = giveUpAt - Date.now()) {
      const record = await reader.next(Math.min(left, LOOK_MS), signal);
      if (record?.type === 'request') return record;
      const words = record ? undefined : await page.trouble(signal);
      if (words !== undefined) throw toTrouble(words);
    }
    if (!(await page.isUnsent(signal))) break;
    log.warn('Run had no effect', { attempt });
    await page.clearOverlays(signal);
  }
  throw gaveUp(
    'upstream_error',
    'AI Studio took the prompt but never asked the model. Try it by hand on its page: the quota may be used up.',
    'restart',
  );
}

async function* relayExchange(
  { log, phases, plan, slot }: Assignment,
  reader: CaptureReader,
  exchange: string,
  silenceMs: number,
  signal: AbortSignal,
): AsyncGenerator<JobEvent> {
  let isFirst = true;
  for (;;) {
    const record = await reader.next(silenceMs, signal);
    if (!record) {
      throw new StudioError('timeout', `AI Studio was silent for ${silenceMs / 1000} s.`);
    }
    if (record.type === 'models' || record.exchange !== exchange) continue;
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
