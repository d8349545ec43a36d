import { type ErrorCode } from '@aistudio/core';

import { at, numberAt, stringsIn, textAt } from './message.ts';
import { type WirePositions, wirePositions } from './positions.ts';

/** What AI Studio's own detail of a failed call says, for the client (wire-format.md §5.10). */
export interface FailureDetail {
  readonly code: ErrorCode;
  /** A sentence or two: what is wrong and what to do. */
  readonly advice: string;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number;
}

const MINUTE_SECONDS = 60;
const DAY_SECONDS = 86_400;

/** What each detail means that holds nothing to count, by its name in the table of positions. */
const MEANINGS: readonly [keyof WirePositions['errorDetail'], FailureDetail][] = [
  [
    'images',
    { code: 'invalid_value', advice: 'There are more images than the model takes. Send fewer.' },
  ],
  [
    'fileSize',
    {
      code: 'request_too_large',
      advice: 'A file is larger than the model takes. Send a smaller one.',
    },
  ],
  [
    'model',
    {
      code: 'model_not_found',
      advice: 'There is no such model. GET /v1/models lists what there is.',
    },
  ],
  [
    'deprecated',
    {
      code: 'model_not_found',
      advice: 'The model is deprecated. GET /v1/models lists what there is.',
    },
  ],
  ['file', { code: 'invalid_value', advice: 'The model cannot use one of the files.' }],
  ['mimeType', { code: 'invalid_value', advice: 'The model does not take a file of this type.' }],
  [
    'modalities',
    {
      code: 'invalid_value',
      advice: 'The model does not give answers of this kind. Choose another.',
    },
  ],
  [
    'location',
    { code: 'upstream_error', advice: 'AI Studio does not serve the place the browser is in.' },
  ],
  [
    'fileAccess',
    { code: 'upstream_error', advice: 'AI Studio may not open one of the files in Google Drive.' },
  ],
];
const STUDIO_MEANINGS: readonly [keyof WirePositions['studioErrorDetail'], FailureDetail][] = [
  [
    'driveFull',
    { code: 'upstream_error', advice: 'The account’s Google Drive is full: free some space.' },
  ],
  [
    'driveNotGranted',
    {
      code: 'upstream_error',
      advice: 'AI Studio has no access to Google Drive: open AI Studio in a browser and allow it.',
    },
  ],
  [
    'requestTooLarge',
    { code: 'request_too_large', advice: 'The request is too large. Send a smaller one.' },
  ],
];

/**
 * Reads `…GeminiApiErrorDetails` and `…AiStudioErrorDetails`, each given as the message of that type
 * or undefined. Undefined where they say nothing that is known. `now` is epoch ms.
 */
export function readFailureDetail(
  gemini: unknown,
  studio: unknown,
  positions: WirePositions = wirePositions,
  now: number = Date.now(),
): FailureDetail | undefined {
  const { errorDetail: DETAIL, studioErrorDetail: STUDIO_DETAIL } = positions;
  const tokens = at(gemini, DETAIL.tokens);
  if (tokens !== undefined) return tooManyTokens(countAt(tokens, 0), countAt(tokens, 1));
  const quota = at(gemini, DETAIL.quota);
  if (quota !== undefined) return quotaOf(stringsIn(quota), now);
  return (
    MEANINGS.find(([name]) => isSet(gemini, DETAIL[name])) ??
    STUDIO_MEANINGS.find(([name]) => isSet(studio, STUDIO_DETAIL[name]))
  )?.[1];
}

const isSet = (detail: unknown, where: number | readonly number[]): boolean =>
  [where].flat().some((position) => at(detail, position) !== undefined);

function tooManyTokens(count: number | undefined, limit: number | undefined): FailureDetail {
  const numbers =
    count === undefined || limit === undefined
      ? ''
      : `The prompt has ${count} tokens, and the model takes ${limit}. `;
  return { code: 'context_length_exceeded', advice: `${numbers}Shorten the prompt.` };
}

/** Which quota it is stands in the metric's name, such as `…requests_per_model_per_day…`. */
function quotaOf(names: readonly string[], now: number): FailureDetail {
  const is = (window: RegExp): boolean => names.some((name) => window.test(name));
  if (is(/per_?day|daily/i)) {
    return {
      code: 'rate_limit_exceeded',
      advice:
        'The account’s quota for this model is used up for today; the day ends in California.',
      retryAfterSeconds: secondsUntilQuotaDay(now),
    };
  }
  return {
    code: 'rate_limit_exceeded',
    advice: 'The account’s quota for this model is used up for now.',
    ...(is(/per_?minute/i) ? { retryAfterSeconds: MINUTE_SECONDS } : {}),
  };
}

/** Daily quotas begin anew at midnight in Los Angeles. `now` is epoch ms; gives seconds. */
export function secondsUntilQuotaDay(now: number): number {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/Los_Angeles',
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(now);
  const part = (type: string): number => Number(clock.find((one) => one.type === type)?.value ?? 0);
  return DAY_SECONDS - (part('hour') * 3600 + part('minute') * 60 + part('second'));
}

/** A whole number; large ones are written as text. */
function countAt(message: unknown, position: number): number | undefined {
  const value = Number(numberAt(message, position) ?? textAt(message, position) ?? Number.NaN);
  return Number.isSafeInteger(value) ? value : undefined;
}
