import { message } from './message.ts';

/** Status of an interaction (wire-format.md §3). */
export const INTERACTION_STATUS = { inProgress: 1, completed: 3, failed: 4, cancelled: 5 } as const;

/** Kinds of step, by their position in a step. */
export const STEP = { user: 0, modelOutput: 1, thought: 2, toolCall: 3, toolResult: 4 } as const;

/** A piece of a step. */
export type StepDelta =
  | { readonly text: string }
  | { readonly media: { readonly mimeType: string; readonly data: string } }
  | { readonly thoughtSummary: string }
  | { readonly signature: string }
  | { readonly citation: { readonly url: string; readonly title: string } }
  | { readonly argumentsJson: string };

/** What one message of an interaction's stream says. */
export type InteractionEvent =
  | { readonly type: 'created'; readonly id: string; readonly model: string }
  | { readonly type: 'status'; readonly id: string; readonly status: number }
  | {
      readonly type: 'step-start';
      readonly index: number;
      readonly step: keyof typeof STEP;
      /** Of a tool call. */
      readonly call?: { readonly name: string; readonly id: string };
    }
  | { readonly type: 'step-delta'; readonly index: number; readonly delta: StepDelta }
  | { readonly type: 'step-stop'; readonly index: number; readonly tokens: number }
  | { readonly type: 'error'; readonly code: number; readonly message: string }
  | {
      readonly type: 'completed';
      readonly id: string;
      readonly status: number;
      readonly usage: InteractionUsage;
    };

/** Token counts of a whole interaction. */
export interface InteractionUsage {
  readonly prompt: number;
  readonly output: number;
  readonly thoughts: number;
}

/**
 * Writes one event. Each is a message with one field, the position of which is its kind. The
 * positions of the kinds, of steps and of deltas are known; what a call's step and a thought's
 * summary hold inside follows the forms that the same things have elsewhere (inferred).
 */
export function encodeEvent(event: InteractionEvent): unknown[] {
  return message(fieldOf(event));
}

function fieldOf(event: InteractionEvent): Readonly<Record<number, unknown>> {
  if (event.type === 'created')
    return { 0: [message({ 0: event.id, 1: INTERACTION_STATUS.inProgress, 17: [event.model] })] };
  if (event.type === 'completed')
    return { 1: [message({ 0: event.id, 1: event.status, 12: encodeUsage(event.usage) })] };
  if (event.type === 'status') return { 2: [event.id, event.status] };
  if (event.type === 'error') return { 7: [null, [event.code, event.message]] };
  if (event.type === 'step-delta') return { 10: [event.index, encodeDelta(event.delta)] };
  if (event.type === 'step-stop') return { 11: [event.index, message({ 4: event.tokens })] };
  const { call } = event;
  const step = message({ [STEP[event.step]]: call ? [call.name, null, call.id] : [] });
  return { 9: [event.index, step] };
}

function encodeDelta(delta: StepDelta): unknown[] {
  if ('text' in delta) return message({ 0: [delta.text] });
  if ('media' in delta) {
    const position = delta.media.mimeType.startsWith('audio/') ? 2 : 1;
    return message({ [position]: [delta.media.mimeType, delta.media.data] });
  }
  if ('thoughtSummary' in delta) return message({ 5: [[[delta.thoughtSummary]]] });
  if ('signature' in delta) return message({ 6: [delta.signature] });
  if ('citation' in delta)
    return message({ 9: [[message({ 2: delta.citation.url, 3: delta.citation.title })]] });
  return message({ 10: [delta.argumentsJson] });
}

function encodeUsage({ prompt, output, thoughts }: InteractionUsage): unknown[] {
  return message({ 0: prompt, 2: prompt + output + thoughts, 4: output, 9: thoughts || undefined });
}
