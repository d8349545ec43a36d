import { at, listAt, numberAt, stringAt } from '../wire/message.ts';
import { type Chat } from './chat.ts';
import { type TextChunk } from './text-chunk.ts';
import { createThoughtChunk, type ThoughtChunk } from './thought-chunk.ts';
import { type Turn } from './turns.ts';

/** Shows an answer while it streams: thoughts in a turn of their own, then the answer's turn. */
export interface AnswerView {
  /** Takes one frame of the response (wire.md §5.2). */
  addFrame(frame: unknown): void;
  /** How the answer ended, once it did. */
  readonly outcome: { readonly finish: number | undefined; readonly isBlocked: boolean };
  /** The answer's turn; made when the first part of it comes, or now. */
  answerTurn(): Turn;
  /** Renders all that came; marks the thoughts as done. */
  settle(): void;
  /** The parts to send back in the next request: thoughts dropped, signatures kept. */
  readonly parts: readonly unknown[];
}

const TEXT_INDEX = 1;
const THOUGHT_FLAG = 12;
const SIGNATURE = 14;

/** A view that adds its turns to the chat when they are needed. `onFirst` comes before the first. */
export function createAnswerView(chat: Chat, onFirst: () => void): AnswerView {
  let thoughts: ThoughtChunk | undefined;
  let turn: Turn | undefined;
  let text: TextChunk | undefined;
  let finish: number | undefined;
  let isBlocked = false;
  let isEmpty = true;
  const parts: unknown[][] = [];

  const first = (): void => {
    if (isEmpty) onFirst();
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
      thoughts = createThoughtChunk();
      const own = chat.addTurn('model');
      own.element.classList.add('thought-activity-host');
      own.content.append(thoughts.element);
    }
    thoughts.append(piece);
  };
  const addText = (piece: string): void => {
    thoughts?.finish();
    if (text) text.append(piece);
    else text = chat.addText(answerTurn(), piece);
  };
  const addPart = (part: readonly unknown[]): void => {
    const piece = stringAt(part, TEXT_INDEX);
    if (piece !== undefined && at(part, THOUGHT_FLAG)) return addThought(piece);
    keep(parts, part);
    if (piece) addText(piece);
  };

  return {
    addFrame(frame) {
      const candidate = at(frame, 0, 0);
      for (const part of listAt(candidate, 0, 0)) if (Array.isArray(part)) addPart(part);
      finish = numberAt(candidate, 1) ?? finish;
      isBlocked ||= numberAt(frame, 1, 0) !== undefined;
    },
    get outcome() {
      return { finish, isBlocked };
    },
    answerTurn,
    settle() {
      thoughts?.finish();
      text?.flush();
    },
    parts,
  };
}

/** Adds a part to those that go back to the service; plain pieces of text become one part. */
function keep(parts: unknown[][], part: readonly unknown[]): void {
  const last = parts.at(-1);
  const isPlain = (candidate: readonly unknown[] | undefined): boolean =>
    stringAt(candidate, TEXT_INDEX) !== undefined && at(candidate, SIGNATURE) === undefined;
  if (last && isPlain(last) && isPlain(part))
    last[TEXT_INDEX] = `${stringAt(last, TEXT_INDEX)}${stringAt(part, TEXT_INDEX)}`;
  else if (part[TEXT_INDEX] !== '' || part[SIGNATURE]) parts.push([...part]);
}
