import { type ModelInfo, StudioError } from '@aistudio/core';

import { type Draft, type DraftTurn } from '../../files/remote-file.ts';
import { requireUsable } from '../../models/find-model.ts';
import { ignoredParams, refuseUnsupported } from './ignored-params.ts';
import { type ChatRequest } from './request.ts';
import { type SettingDefaults, toSettings } from './to-settings.ts';
import { toTurns } from './to-turns.ts';

/** A plan but for the files to be fetched, and what the client should know about the way there. */
export interface Planned {
  readonly plan: Draft;
  /** Parameters without effect, for `x-ignored-params`. */
  readonly ignored: readonly string[];
  /** Values that were changed, for `x-aistudio-warnings`. */
  readonly warnings: readonly string[];
}

/**
 * What to do on the page for this request. Throws `invalid_value` or `unsupported_parameter` that
 * names the parameter: a request that can never run must fail before it queues (E-08).
 */
export function toPlan(request: ChatRequest, model: ModelInfo, defaults: SettingDefaults): Planned {
  requireUsable(model);
  refuseUnsupported(request);
  const { settings, ignored, warnings } = toSettings(request, model, defaults);
  const turns = toTurns(request.messages);
  const last = turns.at(-1);
  if (last && isUnfinished(last, request)) last.isUnfinished = true;
  requireFit(turns, model);
  return {
    plan: { model: model.id, turns, settings },
    ignored: [...ignored, ...ignoredParams(request)],
    warnings: turns.some(hasHalfCharacter)
      ? [...warnings, 'messages: half characters (lone surrogates) replaced by U+FFFD']
      : warnings,
  };
}

/** JSON can write halves of characters, which are no text and cannot be typed. */
const HALF_CHARACTER = /\p{Surrogate}/u;

const hasHalfCharacter = ({ parts }: DraftTurn): boolean =>
  parts.some(
    (part) =>
      ((part.type === 'text' || part.type === 'tool_result') && HALF_CHARACTER.test(part.text)) ||
      (part.type === 'tool_call' && HALF_CHARACTER.test(part.arguments)),
  );

/** Whether the last message is an answer that the client wants continued, as most that send one do. */
function isUnfinished(last: DraftTurn, request: ChatRequest): boolean {
  const isText = last.role === 'assistant' && last.parts.every(({ type }) => type === 'text');
  const message = request.messages.at(-1);
  const isWhole =
    request.continue_final_message === false ||
    request.add_generation_prompt === true ||
    (message?.role === 'assistant' && (message.prefix === false || message.partial === false));
  return isText && !isWhole;
}

/** More characters than this never make only one token, on average over a long text. */
const MAX_CHARACTERS_PER_TOKEN = 10;

/** Throws `context_length_exceeded` for text that cannot fit into the model's window, however it is counted. */
function requireFit(turns: readonly DraftTurn[], { id, inputTokenLimit = 0 }: ModelInfo): void {
  const parts = turns.flatMap((turn) => turn.parts);
  const characters = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  if (inputTokenLimit <= 0 || characters <= inputTokenLimit * MAX_CHARACTERS_PER_TOKEN) return;
  throw new StudioError(
    'context_length_exceeded',
    `The messages hold ${characters} characters of text, more than the ${inputTokenLimit} tokens that ${id} takes. Shorten them.`,
    { param: 'messages' },
  );
}

/** Characters of a part that count as text. */
function lengthOf(part: DraftTurn['parts'][number]): number {
  if (part.type === 'text' || part.type === 'tool_result') return part.text.length;
  return part.type === 'tool_call' ? part.arguments.length : 0;
}
