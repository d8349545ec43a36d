import { type JobEvent } from '@aistudio/core';

/**
 * Ends an answer where its text first completes a stop sequence, which the client does not get, in
 * however many pieces it comes. AI Studio honours most itself; its page takes no line breaks, and
 * what another service does is its own affair. Whoever made the events sees its generator returned.
 */
export async function* cutAtStop(
  events: AsyncIterable<JobEvent>,
  stops: readonly string[],
): AsyncGenerator<JobEvent> {
  const wanted = stops.filter((stop) => stop !== '');
  /** The end of the text so far, which may be the beginning of a stop sequence. */
  let held = '';
  const release = function* (): Generator<JobEvent> {
    if (held !== '') yield { type: 'text', text: held };
    held = '';
  };
  try {
    for await (const event of events) {
      if (event.type === 'text') {
        const text = held + event.text;
        const end = firstStop(text, wanted);
        const sure = end ?? text.length - unsureLength(text, wanted);
        if (sure > 0) yield { type: 'text', text: text.slice(0, sure) };
        if (end !== undefined) {
          held = '';
          yield { type: 'finish', reason: 'stop' };
          return;
        }
        held = text.slice(sure);
      } else {
        // A thought between two pieces of text does not end the text; what has its place in it does.
        if (event.type !== 'reasoning' && event.type !== 'tier_changed') yield* release();
        yield event;
      }
    }
  } catch (error) {
    yield* release(); // it was part of the answer, as far as that came
    throw error;
  }
}

/** Where the text ends: before the stop sequence that is complete first. */
function firstStop(text: string, stops: readonly string[]): number | undefined {
  const found = stops
    .map((stop) => ({ start: text.indexOf(stop), length: stop.length }))
    .filter(({ start }) => start !== -1)
    .toSorted((a, b) => a.start + a.length - (b.start + b.length) || a.start - b.start);
  return found[0]?.start;
}

/** How long an end of the text may be the beginning of a stop sequence, or of another mark. */
export function unsureLength(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length;
    }
  }
  return longest;
}
