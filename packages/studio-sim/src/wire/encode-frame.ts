import { message } from './message.ts';
import { encodeStruct, type JsonObject, type StructStyle } from './struct.ts';

/** One part of an answer (wire-format.md §4.2). A signature may ride on any of them. */
export type AnswerPart = { readonly signature?: string } & (
  | { readonly text: string; readonly thought?: boolean }
  | { readonly media: { readonly mimeType: string; readonly data: string } }
  | { readonly call: { readonly name: string; readonly args: JsonObject; readonly id?: string } }
  | { readonly code: string }
  | { readonly codeResult: { readonly outcome: number; readonly output: string } }
  /** Holds only a field that the page shows nothing of. */
  | { readonly unknown: number }
);

/** Token counts of one frame (wire-format.md §5.4); the total is their sum. */
export interface FrameUsage {
  readonly prompt: number;
  /** Absent while only thoughts were sent. */
  readonly output?: number;
  readonly thoughts?: number;
  readonly tool?: number;
}

/** A source with the piece of the answer it stands for. */
export interface FrameCitation {
  readonly url: string;
  readonly title: string;
  readonly start?: number;
  readonly end?: number;
}

/** What one frame of a GenerateContent answer says. */
export interface Frame {
  readonly parts?: readonly AnswerPart[];
  /** Finish code, 1 for STOP. */
  readonly finish?: number;
  readonly finishMessage?: string;
  /** Prompt feedback: why the prompt was refused. */
  readonly blockReason?: number;
  readonly blockMessage?: string;
  readonly usage: FrameUsage;
  readonly citations?: readonly FrameCitation[];
  /** The grounding message, already in its wire form. */
  readonly grounding?: readonly unknown[];
}

/** Writes one frame (wire-format.md §5.2). `responseId` is the same on all frames of an answer. */
export function encodeFrame(frame: Frame, responseId: string, style: StructStyle): unknown[] {
  const content = frame.parts && [frame.parts.map((part) => encodePart(part, style)), 'model'];
  const citations = frame.citations && [frame.citations.map(encodeCitation)];
  const candidate = message({
    0: content,
    1: frame.finish,
    3: frame.finishMessage,
    6: citations,
    7: frame.grounding,
  });
  return message({
    0: candidate.length > 0 ? [candidate] : undefined,
    1:
      frame.blockReason === undefined
        ? undefined
        : message({ 0: frame.blockReason, 2: frame.blockMessage }),
    2: encodeUsage(frame.usage),
    7: responseId,
  });
}

/** The last frame of every answer: when it was made, in µs, and two numbers nobody has explained. */
export function metadataFrame(atMs: number): unknown[] {
  return message({ 3: [String(Math.round(atMs * 1000)), 52_000_111, Math.floor(atMs / 1000)] });
}

function encodePart(part: AnswerPart, style: StructStyle): unknown[] {
  return message({ ...encodeContent(part, style), 14: part.signature });
}

function encodeContent(part: AnswerPart, style: StructStyle): Record<number, unknown> {
  if ('text' in part) return { 1: part.text, 12: part.thought ? 1 : undefined };
  if ('media' in part) return { 2: [part.media.mimeType, part.media.data] };
  if ('code' in part) return { 7: [1, part.code] };
  if ('codeResult' in part) return { 8: [part.codeResult.outcome, part.codeResult.output] };
  if ('unknown' in part) return { [part.unknown]: [] };
  const { name, args, id } = part.call;
  return { 10: [name, encodeStruct(args, style), ...(id === undefined ? [] : [id])] };
}

function encodeUsage({ prompt, output, thoughts, tool }: FrameUsage): unknown[] {
  const total = prompt + (output ?? 0) + (thoughts ?? 0) + (tool ?? 0);
  return message({ 0: prompt, 1: output, 2: total, 4: [[1, prompt]], 7: tool, 9: thoughts });
}

function encodeCitation({ url, title, start, end }: FrameCitation): unknown[] {
  return message({ 0: start, 1: end, 2: url, 3: title });
}
