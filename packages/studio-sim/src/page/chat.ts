import { at, message } from '../wire/message.ts';
import { type App } from './app.ts';
import { fill, h } from './dom.ts';
import { openMenu } from './menu.ts';
import { type Content } from './request.ts';
import { createScroller } from './scroller.ts';
import { incognitoState } from './temporary-chat.ts';
import { createTextChunk, type TextChunk } from './text-chunk.ts';
import { createTurn, type Role, type Turn } from './turns.ts';
import { createZeroState } from './zero-state.ts';

/** The conversation: its turns on the page, and what of them goes into the next request. */
export interface Chat {
  readonly element: HTMLElement;
  /** What was said so far, in wire form. */
  readonly contents: readonly Content[];
  readonly turnCount: number;
  addTurn(role: Role): Turn;
  /** Adds a part of text to a turn; what is appended to its chunk later belongs to the part. */
  addText(turn: Turn, text: string, signature?: string): TextChunk;
  /**
   * Adds a part in wire form, with what shows it; none: nothing is to be seen. A function says at
   * each request which parts there are: a call, and its response once it was given.
   */
  addPart(turn: Turn, part: Part | (() => readonly Part[]), chunk?: HTMLElement): void;
  remove(turn: Turn): void;
  /** Renders text anew, after raw mode was switched. */
  refresh(): void;
  /** Calls back whenever turns come or go. */
  watch(listener: () => void): void;
  clear(): void;
}

/** A part of a content in wire form (wire-format.md §4.2). */
export type Part = readonly unknown[];

interface Entry {
  readonly turn: Turn;
  readonly texts: TextChunk[];
  /** In order, each in wire form when it is asked for: text can be edited. */
  readonly parts: (() => readonly Part[])[];
}

/** An empty chat. */
export function createChat(app: App): Chat {
  let entries: Entry[] = [];
  const listeners: (() => void)[] = [];
  const scroller = createScroller();
  const session = h('ms-chat-session', {}, scroller.element, scroller.jumpList);
  const view = h('div.chat-view-container');
  const element = h('div.chat-container', {}, view);

  const showEmpty = (): void => {
    const isIncognito = app.variant === 'u3' && app.isTemporary.value;
    view.classList.add('zero-state');
    fill(view, isIncognito ? incognitoState() : createZeroState());
  };
  const changed = (): void => {
    if (entries.length > 0 && !session.isConnected) {
      view.classList.remove('zero-state');
      fill(view, session);
    } else if (entries.length === 0) showEmpty();
    for (const listener of listeners) listener();
  };
  const entryOf = (turn: Turn): Entry | undefined => entries.find((entry) => entry.turn === turn);
  app.effects.follow(app.isTemporary, () => entries.length === 0 && showEmpty());
  changed();

  return {
    element,
    get contents() {
      return toContents(
        entries.map(({ turn, parts }) => ({
          role: turn.role,
          parts: parts.flatMap((part) => part()),
        })),
      );
    },
    get turnCount() {
      return entries.length;
    },
    addTurn(role) {
      const texts: TextChunk[] = [];
      const turn = createTurn(app, {
        role,
        hasLabel: role === 'user' || entries.at(-1)?.turn.role !== role,
        scroller,
        actions: {
          onEdit(isOpen) {
            for (const text of texts) text.edit(isOpen);
          },
          onOptions: (anchor) => openTurnMenu(app, anchor, texts),
        },
      });
      entries.push({ turn, texts, parts: [] });
      scroller.add(turn);
      changed();
      return turn;
    },
    addText(turn, text, signature) {
      const chunk = createTextChunk(app, text, turn.role === 'user');
      const entry = entryOf(turn);
      entry?.texts.push(chunk);
      entry?.parts.push(() => [message({ 1: chunk.source, 14: signature })]);
      turn.append(chunk.element);
      return chunk;
    },
    addPart(turn, part, chunk) {
      entryOf(turn)?.parts.push(typeof part === 'function' ? part : () => [part]);
      if (chunk) turn.append(chunk);
    },
    remove(turn) {
      entries = entries.filter((entry) => entry.turn !== turn);
      scroller.remove(turn);
      changed();
    },
    refresh() {
      for (const { texts } of entries) for (const text of texts) text.refresh();
    },
    watch: (listener) => void listeners.push(listener),
    clear() {
      for (const { turn } of entries) scroller.remove(turn);
      entries = [];
      changed();
    },
  };
}

/**
 * Turns of one speaker in a row are one content, but a function response is one of its own; turns
 * without parts are none (wire-format.md §4.2).
 */
export function toContents(
  entries: readonly { readonly role: Role; readonly parts: readonly Part[] }[],
): Content[] {
  const contents: { parts: unknown[]; role: Role }[] = [];
  let isClosed = true;
  for (const entry of entries)
    for (const part of entry.parts) {
      const isResponse = at(part, RESPONSE) !== undefined;
      const role = isResponse ? 'user' : entry.role;
      const last = contents.at(-1);
      if (last && last.role === role && !isClosed && !isResponse) last.parts.push(part);
      else contents.push({ parts: [part], role });
      isClosed = isResponse;
    }
  return contents.map(({ parts, role }) => [parts, role]);
}

/** Position of a function response in a part. */
const RESPONSE = 11;

function openTurnMenu(app: App, anchor: HTMLElement, texts: readonly TextChunk[]): void {
  const markdown = (): string => texts.map(({ source }) => source).join('\n');
  const rendered = (): string => texts.map(({ element }) => element.textContent).join('\n');
  openMenu(app, anchor, [
    { name: 'Delete', glyph: 'delete' },
    { name: 'Branch from here', glyph: 'arrow_split' },
    {
      name: 'Copy as text',
      glyph: 'content_copy',
      faceClass: 'copy-rendered-button',
      onChoose: () => copy(rendered()),
    },
    {
      name: 'Copy as markdown',
      glyph: 'markdown_copy',
      faceClass: 'copy-markdown-button',
      onChoose: () => copy(markdown()),
    },
  ]);
}

/** Fails silently, as the real one does. */
function copy(text: string): void {
  void navigator.clipboard.writeText(text).catch(() => {}); // nothing is said
}
