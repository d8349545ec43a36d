import { type App } from './app.ts';
import { fill, h } from './dom.ts';
import { icon } from './icons.ts';
import { type Content } from './request.ts';
import { createTextChunk, type TextChunk } from './text-chunk.ts';
import { createTurn, type Role, type Turn } from './turns.ts';

/** The conversation: its turns on the page and what of it goes into the next request. */
export interface Chat {
  readonly element: HTMLElement;
  /** What was said so far, in wire form. */
  readonly contents: readonly Content[];
  readonly turnCount: number;
  /** Adds a turn and scrolls to it. */
  addTurn(role: Role): Turn;
  /** Adds a chunk of text to a turn. */
  addText(turn: Turn, text: string): TextChunk;
  remove(turn: Turn): void;
  /** Makes these contents part of every later request. */
  remember(content: Content): void;
  /** Calls back whenever turns come or go. */
  watch(listener: () => void): void;
  clear(): void;
}

const CATEGORIES = ['Featured', 'Code, Reasoning & Chat', 'Images', 'Video', 'Speech', 'Real-time'];

/** An empty chat. */
export function createChat(app: App): Chat {
  const turns: { readonly turn: Turn; readonly texts: TextChunk[] }[] = [];
  let contents: Content[] = [];
  const listeners: (() => void)[] = [];
  const scroller = h('ms-autoscroll-container');
  const session = h(
    'ms-chat-session',
    {},
    h('div.chat-session-content.chat-container', {}, scroller),
  );
  const element = h('div.chat-view');

  const changed = (): void => {
    fill(element, turns.length === 0 ? zeroState() : session);
    for (const listener of listeners) listener();
  };
  const textsOf = (turn: Turn): TextChunk[] =>
    turns.find((entry) => entry.turn === turn)?.texts ?? [];
  const toBottom = (): void => {
    scroller.scrollTop = scroller.scrollHeight;
  };
  new ResizeObserver(toBottom).observe(scroller);
  changed();

  return {
    element,
    get contents() {
      return contents;
    },
    get turnCount() {
      return turns.length;
    },
    addTurn(role) {
      let isEditing = false;
      const turn = createTurn(app, role, {
        onEdit() {
          isEditing = !isEditing;
          for (const text of textsOf(turn)) text.edit(isEditing);
        },
        onRerun() {},
        onOptions() {},
      });
      turns.push({ turn, texts: [] });
      scroller.append(turn.element);
      changed();
      toBottom();
      return turn;
    },
    addText(turn, text) {
      const chunk = createTextChunk(text, turn.role === 'user');
      textsOf(turn).push(chunk);
      turn.content.append(chunk.element);
      return chunk;
    },
    remove(turn) {
      turns.splice(
        turns.findIndex((entry) => entry.turn === turn),
        1,
      );
      turn.element.remove();
      changed();
    },
    remember(content) {
      contents = [...contents, content];
    },
    watch: (listener) => void listeners.push(listener),
    clear() {
      turns.length = 0;
      contents = [];
      scroller.replaceChildren();
      changed();
    },
  };
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
