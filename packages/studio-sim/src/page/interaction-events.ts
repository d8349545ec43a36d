import { at, listAt, message, numberAt, stringAt } from '../wire/message.ts';
import { encodeStruct, type JsonObject } from '../wire/struct.ts';
import { RpcFailure } from './rpc.ts';

/** Turns the events of an interaction into frames, which is what the chat shows. */
export interface InteractionReader {
  /** Takes one event and gives the frame it makes, if any. Throws RpcFailure for an error event. */
  take(event: unknown): unknown[] | undefined;
  /** The interaction's id, once it was created. */
  readonly id: string | undefined;
  readonly isCompleted: boolean;
}

/** Positions of the kinds of event; some have two (wire-format.md §3). */
const CREATED = [0, 18];
const COMPLETED = [1, 19];
const ERROR = 7;
const STEP_START = 9;
const STEP_DELTA = 10;
const STEP_STOP = 11;
const TOOL_CALL_STEP = 3;
/** Positions of the kinds of delta. */
const DELTA = { text: 0, image: 1, audio: 2, summary: 5, signature: 6, argumentsJson: 10 } as const;
const STOP = 1;

/** A reader of one stream. */
export function createInteractionReader(): InteractionReader {
  let id: string | undefined;
  let isCompleted = false;
  let call:
    | { readonly name: string; readonly callId: string | undefined; json: string }
    | undefined;

  return {
    take(event) {
      for (const position of CREATED) id ??= stringAt(event, position, 0, 0);
      const error = at(event, ERROR, 1);
      if (error !== undefined)
        throw new RpcFailure(200, numberAt(error, 0) ?? 2, stringAt(error, 1) ?? 'Unknown error.');
      if (COMPLETED.some((position) => at(event, position) !== undefined)) {
        isCompleted = true;
        return frame([], STOP);
      }
      const step = at(event, STEP_START, 1, TOOL_CALL_STEP);
      if (step !== undefined)
        call = { name: stringAt(step, 0) ?? '', callId: stringAt(step, 2), json: '' };
      const delta = at(event, STEP_DELTA, 1);
      if (delta !== undefined && call) call.json += stringAt(delta, DELTA.argumentsJson, 0) ?? '';
      if (at(event, STEP_STOP) !== undefined && call) {
        const part = message({
          10: [call.name, encodeStruct(toArguments(call.json)), call.callId],
        });
        call = undefined;
        return frame([part]);
      }
      const part = partOf(delta);
      return part && frame([part]);
    },
    get id() {
      return id;
    },
    get isCompleted() {
      return isCompleted;
    },
  };
}

function partOf(delta: unknown): unknown[] | undefined {
  const text = stringAt(delta, DELTA.text, 0);
  if (text !== undefined) return message({ 1: text });
  const summary = stringAt(delta, DELTA.summary, 0, 0, 0);
  if (summary !== undefined) return message({ 1: summary, 12: 1 });
  const signature = stringAt(delta, DELTA.signature, 0);
  if (signature !== undefined) return message({ 1: '', 12: 1, 14: signature });
  const media = [DELTA.image, DELTA.audio].map((position) => listAt(delta, position));
  const shown = media.find((each) => each.length > 0);
  return shown && message({ 2: shown });
}

function frame(parts: readonly unknown[], finish?: number): unknown[] {
  return [[message({ 0: [parts, 'model'], 1: finish })]];
}

function toArguments(json: string): JsonObject {
  const value: unknown = JSON.parse(json === '' ? '{}' : json);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- parsed JSON that is an object is one
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}
