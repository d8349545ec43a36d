import {
  type AnswerLimits,
  type CaptureRecord,
  isTerminal,
  type JobEvent,
  watchAnswer,
} from '@aistudio/core';

import { type CaptureReader } from '../captures/capture-feed.ts';
import { ask, type AwaitRequest } from './ask.ts';
import { holdGeneration } from './generation.ts';
import { isRefusal } from './refusal.ts';
import { type Assignment, started, type Tier, TierFailedError } from './tier.ts';

/** How often we look whether the proxy is still there while it says nothing, ms. */
const LOOK_MS = 1000;
/** How long the proxy may take to tell of a request that the page has sent, ms. */
const UNSEEN_MS = 5000;
/** How many looks in a row may find nothing new of a call that is over: records may be late. */
const LATE_LOOKS = 3;

type RequestRecord = Extract<CaptureRecord, { type: 'request' }>;

/** What the tier needs to know. */
export interface ProxyTierOptions {
  readonly limits: AnswerLimits;
  /** Whether the stream proxy gives signs of life. */
  readonly isProxyUp: () => boolean;
}

/** The page's own answer, as the stream proxy decodes it while it passes. */
export function createProxyTier(options: ProxyTierOptions): Tier {
  return {
    name: 'stream-proxy',
    usesPage: true,
    async *answer(assignment, signal) {
      const { captures } = assignment.slot;
      if (!captures) throw gaveUp('upstream_error', 'This page has no stream proxy.', 'restart');
      using reader = await captures.follow();
      await using generation = holdGeneration(assignment.slot);
      try {
        const { exchange } = await ask(assignment, requestIn(assignment, reader, options), signal);
        yield* generation.until(relayExchange(assignment, reader, exchange, options, signal));
      } catch (error) {
        if (error instanceof TierFailedError && error.takeover === 'resume') generation.release();
        throw error;
      }
    },
  };
}

/** Finds the page's request among what the proxy tells. */
function requestIn(
  assignment: Assignment,
  reader: CaptureReader,
  options: ProxyTierOptions,
): AwaitRequest<RequestRecord> {
  const proxy = watchProxy(assignment, options);
  let sentAt: number | undefined;
  return async (timeoutMs, signal) => {
    const giveUpAt = Date.now() + timeoutMs;
    for (let left = timeoutMs; left > 0; left = giveUpAt - Date.now()) {
      const record = await reader.next(Math.min(left, LOOK_MS), signal);
      if (record?.type === 'request') return record;
      if (record) continue;
      await proxy.look(signal);
      const isSent = (await assignment.slot.evidence?.call(0, signal)) !== undefined;
      sentAt = isSent ? (sentAt ?? Date.now()) : undefined;
      if (sentAt !== undefined && Date.now() - sentAt > UNSEEN_MS) {
        throw gaveUp(
          'upstream_error',
          'The stream proxy did not see the page’s request.',
          'resume',
        );
      }
    }
    return undefined;
  };
}

async function* relayExchange(
  assignment: Assignment,
  reader: CaptureReader,
  exchange: string,
  options: ProxyTierOptions,
  signal: AbortSignal,
): AsyncGenerator<JobEvent> {
  const { log, phases, slot } = assignment;
  const proxy = watchProxy(assignment, options);
  using watch = watchAnswer(options.limits, 'AI Studio', signal);
  let isFirst = true;
  for (;;) {
    const record = await reader.next(LOOK_MS, watch.signal);
    if (!record) {
      await proxy.look(watch.signal);
      continue;
    }
    proxy.heard();
    if (record.type === 'models' || record.exchange !== exchange) continue;
    if (record.type === 'response') {
      if (record.status === 403) slot.refused();
      if (record.status < 400) {
        slot.accepted();
        yield started('stream-proxy', assignment);
      }
    } else if (record.type === 'event') {
      watch.noteProgress();
      if (record.event.type === 'error' && isRefusal(record.event.error)) slot.refused();
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

/** Looks after a proxy that says nothing. */
interface ProxyWatch {
  /** It said something. */
  heard(): void;
  /**
   * To be called when nothing has come for a moment. Throws when the proxy is gone, or goes on saying
   * nothing of a call that the page knows to be over. Only a call whose connection broke is made
   * again: an answer that came, be it an error, is read from the page.
   */
  look(signal: AbortSignal): Promise<void>;
}

function watchProxy({ slot }: Assignment, { isProxyUp }: ProxyTierOptions): ProxyWatch {
  let looks = 0;
  return {
    heard() {
      looks = 0;
    },
    async look(signal) {
      if (!isProxyUp())
        throw gaveUp('upstream_interrupted', 'The stream proxy is gone.', 'restart');
      const outcome = (await slot.evidence?.call(0, signal))?.settled;
      if (!outcome || ++looks < LATE_LOOKS) return;
      throw outcome.type === 'broken'
        ? gaveUp('upstream_interrupted', 'The stream proxy broke off with the answer.', 'restart')
        : gaveUp('upstream_error', 'The stream proxy told nothing of the answer’s end.', 'resume');
    },
  };
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
