import { type ErrorCode, StudioError } from '@aistudio/core';

import { type PageMessages } from './answer-view.ts';
import { COMPLAINTS } from './complaint-table.ts';

/** What some words of the page mean for the answer. Plain data: a table of these survives JSON. */
export interface Complaint {
  /** Source of a case-insensitive regular expression on the page's words. */
  readonly words: string;
  /** `blocked`: the answer, or the rest of it, is held back. */
  readonly code: ErrorCode | 'blocked';
  /** What the client is told to do; empty where the page's own words say all. */
  readonly advice: string;
  /** `turn`: the words count in the answer's turn alone; elsewhere they may be about anything. */
  readonly where: 'turn' | 'anywhere';
  /** Seconds after which trying again makes sense, where the words say that. */
  readonly retryAfterSeconds?: number;
}

/** What words of the page mean for the answer (page.md §9). */
export type Meaning =
  /** The answer, or the rest of it, is held back. */
  | { readonly type: 'blocked' }
  /** There will be no answer, or no more of it. */
  | { readonly type: 'failed'; readonly error: StudioError };

/**
 * The most specific meaning of what the page says; undefined: nothing of it is about the answer.
 * Rows are tried in order, the specific before the general. Words are the last resort: they depend on
 * the language of the page, so a code that came over the wire always wins.
 */
export function meaningOf(
  { inTurn, elsewhere }: PageMessages,
  rows: readonly Complaint[] = COMPLAINTS,
): Meaning | undefined {
  let isBlocked = false;
  for (const { words, code, advice, where, retryAfterSeconds } of rows) {
    const pattern = new RegExp(words, 'i');
    const messages = where === 'turn' ? inTurn : [...inTurn, ...elsewhere];
    const said = messages.find((message) => pattern.test(message));
    if (said === undefined) continue;
    if (code === 'blocked') isBlocked = true;
    else return { type: 'failed', error: toError(code, said, advice, retryAfterSeconds) };
  }
  return isBlocked ? { type: 'blocked' } : undefined;
}

function toError(
  code: ErrorCode,
  said: string,
  advice: string,
  retryAfterSeconds: number | undefined,
): StudioError {
  const sentence = said
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
    .replace(/[.\s]*$/, '');
  const message = `AI Studio's page says: ${sentence}. ${advice}`.trim();
  const logged = `AI Studio's page shows a complaint. ${advice}`.trim();
  return new StudioError(code, message, { retryAfterSeconds, logged });
}
