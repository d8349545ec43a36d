import { message } from '../wire/message.ts';
import { type App } from './app.ts';
import { fill, h } from './dom.ts';
import { icon } from './icons.ts';
import { openMenu } from './menu.ts';
import { type Content } from './request.ts';
import { createScroller } from './scroller.ts';
import { createTextChunk, type TextChunk } from './text-chunk.ts';
import { createTurn, type Role, type Turn } from './turns.ts';

/** The conversation: its turns on the page, and what of them goes into the next request. */
export interface Chat {
  readonly element: HTMLElement;
  /** What was said so far, in wire form. */
  readonly contents: readonly Content[];
  readonly turnCount: number;
  addTurn(role: Role): Turn;
  /** Adds a part of text to a turn; what is appended to its chunk later belongs to the part. */
  addText(turn: Turn, text: string, signature?: string): TextChunk;
  /** Adds a part in wire form, with what shows it; none: nothing is to be seen. */
  addPart(turn: Turn, part: readonly unknown[], chunk?: HTMLElement): void;
  remove(turn: Turn): void;
  /** Renders text anew, after raw mode was switched. */
  refresh(): void;
  /** Calls back whenever turns come or go. */
  watch(listener: () => void): void;
  clear(): void;
}

interface Entry {
  readonly turn: Turn;
  readonly texts: TextChunk[];
  /** In order, each in wire form when it is asked for: text can be edited. */
  readonly parts: (() => readonly unknown[])[];
}

const CATEGORIES = ['Featured', 'Code, Reasoning & Chat', 'Images', 'Video', 'Speech', 'Real-time'];

/** An empty chat. */
export function createChat(app: App): Chat {
  let entries: Entry[] = [];
  const listeners: (() => void)[] = [];
  const scroller = createScroller();
  const session = h(
    'ms-chat-session',
    {},
    h('div.chat-session-content.chat-container', {}, scroller.element, scroller.jumpList),
  );
  const element = h('div.chat-view');

  const changed = (): void => {
    const isEmpty = entries.length === 0;
    if (isEmpty === session.isConnected || !element.hasChildNodes())
      fill(element, isEmpty ? zeroState() : session); // only then: moving it would lose its scroll
    for (const listener of listeners) listener();
  };
  const entryOf = (turn: Turn): Entry | undefined => entries.find((entry) => entry.turn === turn);
  changed();

  return {
    element,
    get contents() {
      return toContents(entries);
    },
    get turnCount() {
      return entries.length;
    },
    addTurn(role) {
      const texts: TextChunk[] = [];
      const turn = createTurn(app, role, {
        onEdit(isOpen) {
          for (const text of texts) text.edit(isOpen);
        },
        onOptions: (anchor) => openTurnMenu(app, anchor, texts),
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
      entry?.parts.push(() => message({ 1: chunk.source, 14: signature }));
      turn.append(chunk.element);
      return chunk;
    },
    addPart(turn, part, chunk) {
      entryOf(turn)?.parts.push(() => part);
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

/** Turns of one speaker in a row are one content; turns without parts are none. */
function toContents(entries: readonly Entry[]): Content[] {
  const contents: { parts: unknown[]; role: Role }[] = [];
  for (const { turn, parts } of entries) {
    const last = contents.at(-1);
    const said = parts.map((part) => part());
    if (said.length === 0) continue;
    if (last?.role === turn.role) last.parts.push(...said);
    else contents.push({ parts: said, role: turn.role });
  }
  return contents.map(({ parts, role }) => [parts, role]);
}

function openTurnMenu(app: App, anchor: HTMLElement, texts: readonly TextChunk[]): void {
  const markdown = (): string => texts.map(({ source }) => source).join('\n');
  const rendered = (): string => texts.map(({ element }) => element.textContent).join('\n');
  openMenu(app.overlays, anchor, [
    { name: 'Delete', glyph: 'delete' },
    { name: 'Branch from here', glyph: 'history' },
    { name: 'Copy as text', glyph: 'content_copy', onChoose: () => void copy(rendered()) },
    { name: 'Copy markdown', glyph: 'markdown_copy', onChoose: () => void copy(markdown()) },
  ]);
}

/** Fails silently, as the real one does. */
async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text).catch(() => {});
}

/** What an empty chat shows (page.md §2). */
function zeroState(): HTMLElement {
  return h(
    'ms-zero-state',
    {},
    h('h1.zero-state-title', {}, 'Explore Google models'),
    h(
      'div.categories',
      {},
      ...CATEGORIES.map((name) =>
        h('button.category-card', {}, icon('auto_awesome'), h('span', {}, name)),
      ),
    ),
  );
}
