import { type ErrorCode, StudioError } from '@aistudio/core';

import { type Sayings } from './answer-view.ts';

/** What words of the page mean for the answer (page.md §9). */
export type Meaning =
  /** The answer, or the rest of it, is held back. */
  | { readonly type: 'blocked' }
  /** There will be no answer, or no more of it. */
  | { readonly type: 'failed'; readonly error: StudioError };

const FAILURES: readonly {
  readonly words: RegExp;
  readonly code: ErrorCode;
  readonly advice: string;
  /** Said anywhere else it may be about anything. */
  readonly isOnlyInTurn?: boolean;
}[] = [
  {
    words: /exceeded quota|rate limit|out of free generations/i,
    code: 'rate_limit_exceeded',
    advice: 'The account’s quota for this model is used up for now.',
  },
  {
    words: /exceeds the maximum number of tokens/i,
    code: 'context_length_exceeded',
    advice: 'Shorten the prompt.',
  },
  {
    words: /permission denied/i,
    code: 'upstream_error',
    advice:
      'Try again; if it stays, open AI Studio in a browser and see whether this account may use the model.',
  },
  {
    words: /failed to generate content|internal error has occurred/i,
    code: 'upstream_error',
    advice: 'Try again.',
    isOnlyInTurn: true,
  },
];
const BLOCKED = /content blocked|prohibited content/i;

/** The weightiest meaning of what the page says; undefined: nothing of it is about the answer. */
export function meaningOf({ inTurn, elsewhere }: Sayings): Meaning | undefined {
  for (const { words, code, advice, isOnlyInTurn } of FAILURES) {
    const sayings = isOnlyInTurn ? inTurn : [...inTurn, ...elsewhere];
    const said = sayings.find((saying) => words.test(saying));
    if (said === undefined) continue;
    const sentence = said
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 300)
      .replace(/[.\s]*$/, '');
    const error = new StudioError(code, `AI Studio's page says: ${sentence}. ${advice}`);
    return { type: 'failed', error };
  }
  return inTurn.some((saying) => BLOCKED.test(saying)) ? { type: 'blocked' } : undefined;
}
