import { at, listAt, message, numberAt, stringAt } from '../wire/message.ts';
import { type App } from './app.ts';
import { type Chat, type Part } from './chat.ts';
import { createFunctionCallChunk, type FunctionCallChunk } from './function-call-chunk.ts';
import { groundingOf, type Source, sourcesOf } from './grounding.ts';
import { chunkFor } from './part-chunks.ts';
import { type TextChunk } from './text-chunk.ts';
import { createThoughtChunk, type ThoughtChunk } from './thought-chunk.ts';
import { type Turn } from './turns.ts';

/** Positions in a part (wire-format.md §4.2). */
const TEXT = 1;
const CALL = 10;
const THOUGHT_FLAG = 12;
const SIGNATURE = 14;

/** Shows an answer while it streams: thoughts in a turn of their own, then the answer's turn. */
export interface AnswerView {
  /** Takes one frame of the response (wire-format.md §5.2). */
  addFrame(frame: unknown): void;
  /** How the answer ended, once it did. */
  readonly outcome: {
    readonly finish: number | undefined;
    readonly isBlocked: boolean;
    readonly responseId: string | undefined;
  };
  /** The answer's turn; made when the first part of it comes, or now. */
  answerTurn(): Turn;
  /** Renders all that came; marks the thoughts as done. */
  settle(): void;
}

/** What the view tells about. */
export interface AnswerEvents {
  /** Before anything is shown. */
  readonly onFirst: () => void;
  /** Every call of the answer has its response. */
  readonly onResponses: () => void;
}

/** A view that adds turns to the chat when it needs them. */
export function createAnswerView(app: App, chat: Chat, events: AnswerEvents): AnswerView {
  let thoughts: ThoughtChunk | undefined;
  let turn: Turn | undefined;
  let text: TextChunk | undefined;
  let finish: number | undefined;
  let isBlocked = false;
  let responseId: string | undefined;
  let isEmpty = true;
  const texts: TextChunk[] = [];
  const sources: Source[] = [];
  const calls: FunctionCallChunk[] = [];

  const first = (): void => {
    if (isEmpty) events.onFirst();
    isEmpty = false;
  };
  const answerTurn = (): Turn => {
    first();
    turn ??= chat.addTurn('model');
    return turn;
  };
  const addThought = (piece: string): void => {
    first();
    if (!thoughts) {
      thoughts = createThoughtChunk(app);
      const own = chat.addTurn('model');
      const shown = thoughts;
      own.markThoughts();
      chat.addPart(own, () => [message({ [TEXT]: shown.source, [THOUGHT_FLAG]: 1 })]);
      own.append(thoughts.element);
    }
    thoughts.append(piece);
  };
  const addText = (piece: string, signature: string | undefined): void => {
    if (text && signature === undefined) return text.append(piece);
    text = chat.addText(answerTurn(), piece, signature);
    texts.push(text);
  };
  const addCall = (part: readonly unknown[]): void => {
    const chunk = createFunctionCallChunk(app, part, () => {
      if (calls.every(({ response }) => response)) events.onResponses();
    });
    calls.push(chunk);
    const parts = (): Part[] => (chunk.response ? [part, chunk.response] : [part]);
    chat.addPart(answerTurn(), parts, chunk.element);
  };
  const addPart = (part: readonly unknown[]): void => {
    const piece = stringAt(part, TEXT);
    if (piece !== undefined && at(part, THOUGHT_FLAG)) return addThought(piece);
    thoughts?.finish();
    const signature = stringAt(part, SIGNATURE);
    if (piece) return addText(piece, signature);
    if (piece === '' && signature === undefined) return;
    text = undefined; // what follows is a part of its own
    if (at(part, CALL) === undefined) chat.addPart(answerTurn(), part, chunkFor(part));
    else addCall(part);
  };

  return {
    addFrame(frame) {
      const candidate = at(frame, 0, 0);
      for (const part of listAt(candidate, 0, 0)) if (Array.isArray(part)) addPart(part);
      finish = numberAt(candidate, 1) ?? finish;
      sources.push(...sourcesOf(candidate));
      responseId = stringAt(frame, 7) ?? responseId;
      isBlocked ||= numberAt(frame, 1, 0) !== undefined;
    },
    get outcome() {
      return { finish, isBlocked, responseId };
    },
    answerTurn,
    settle() {
      thoughts?.finish();
      for (const each of texts) each.flush();
      if (sources.length > 0) for (const each of groundingOf(sources)) answerTurn().append(each);
    },
  };
}
