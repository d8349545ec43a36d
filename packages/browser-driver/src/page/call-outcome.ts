import { type JobEvent } from '@aistudio/core';
import { createAnswerDecoder, type DecoderOptions } from '@aistudio/wire';

/** How one call of the page to a model ended. */
export type CallOutcome =
  /**
   * The answer, or the service's refusal, from its first event to the terminal one. `hasGaps`:
   * frames of unknown shape were skipped, so its text is not all of the text.
   */
  | {
      readonly type: 'answered';
      /** HTTP status */
      readonly status: number;
      readonly events: readonly JobEvent[];
      readonly hasGaps: boolean;
    }
  /** It ended, but the browser has no body to show or the body is of an unknown form. */
  | { readonly type: 'unreadable' }
  /** The connection broke, or the page dropped the call. */
  | { readonly type: 'broken'; readonly reason: string };

/** Reads the whole body of an answer. */
export function decodeAnswer(
  body: Uint8Array,
  status: number,
  retryAfter: string | undefined,
  options: DecoderOptions,
): CallOutcome {
  const decoder = createAnswerDecoder({ status, retryAfter }, options);
  const events = joined([...decoder.push(body), ...decoder.end()]);
  if (decoder.outcome === 'undecodable') return { type: 'unreadable' };
  return { type: 'answered', status, events, hasGaps: decoder.unknownFrames > 0 };
}

/** Makes one piece of neighbouring pieces of text: in how many they came is of no interest now. */
function joined(events: readonly JobEvent[]): JobEvent[] {
  const result: JobEvent[] = [];
  for (const event of events) {
    const last = result.at(-1);
    if ((event.type === 'text' || event.type === 'reasoning') && last?.type === event.type) {
      result[result.length - 1] = { ...event, text: last.text + event.text };
    } else result.push(event);
  }
  return result;
}
