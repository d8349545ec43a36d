import { type JobEvent, toErrorRecord } from '@aistudio/core';

import { type AnswerHead } from './answer-decoder.ts';
import { parseArray } from './frames.ts';
import { at, integerAt, textAt } from './message.ts';
import { type WirePositions, wirePositions } from './positions.ts';
import {
  failureToStudioError,
  findRpcFailure,
  isWebPage,
  parseRpcFailure,
  toStudioError,
} from './rpc-error.ts';

/** What CreateInteraction answers: where the answer is to be had, or that there will be none. */
export type InteractionReply =
  | { readonly type: 'created'; readonly id: string }
  | { readonly type: 'refused'; readonly error: JobEvent };

/** How often the page asks for the stream of an interaction before it gives up (wire-format.md §5.11). */
export const LOOKUP_ATTEMPTS = 5;
/** Failures after which it asks again. */
const PASSING: ReadonlySet<string> = new Set([
  'upstream_error',
  'upstream_interrupted',
  'timeout',
  'model_not_found',
]);

/** Whether this is a failure of GetInteractionStream after which the page asks again. */
export const isPassingFailure = (event: JobEvent): boolean =>
  event.type === 'error' && PASSING.has(event.error.code);

/** An interaction's status (wire-format.md §5.11). */
const FAILED = 4;
const INTERNAL = 13;

/**
 * Reads the whole body of a CreateInteraction answer (wire-format.md §5.11): the interaction, on its
 * own or within one array. Undefined when it is of an unknown shape.
 */
export function readInteractionReply(
  head: AnswerHead,
  body: Uint8Array,
  { interaction: INTERACTION }: WirePositions = wirePositions,
): InteractionReply | undefined {
  const isRefused = head.status < 200 || head.status >= 300;
  const root = parseArray(body);
  const first = at(root, 0);
  const interaction = Array.isArray(first) ? first : root;
  const id = textAt(interaction, INTERACTION.id);
  if (isRefused || isWebPage(body) || (id === undefined && parseRpcFailure(body))) {
    return { type: 'refused', error: toErrorEvent(toStudioError({ ...head, body })) };
  }
  if (integerAt(interaction, INTERACTION.status) === FAILED) {
    const failure = findRpcFailure(at(interaction, INTERACTION.errors)) ?? {
      code: INTERNAL,
      message: 'The interaction failed',
    };
    return { type: 'refused', error: toErrorEvent(failureToStudioError(failure)) };
  }
  return id === undefined ? undefined : { type: 'created', id: withoutCollection(id) };
}

/** The id of the interaction that a GetInteractionStream request asks for. */
export function readInteractionLookup(
  body: Uint8Array,
  { interactionLookup: LOOKUP }: WirePositions = wirePositions,
): string | undefined {
  const id = textAt(parseArray(body), LOOKUP.id);
  return id === undefined ? undefined : withoutCollection(id);
}

/** An id comes with and without `interactions/` in front. */
const withoutCollection = (id: string): string => id.replace(/^interactions\//, '');

const toErrorEvent = (error: ReturnType<typeof toStudioError>): JobEvent => ({
  type: 'error',
  error: toErrorRecord(error),
});
