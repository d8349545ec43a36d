import { type App } from './app.ts';
import { h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';

/** Who speaks. */
export type Role = 'user' | 'model';

/** One turn of the conversation on the page (page.md §5). */
export interface Turn {
  readonly element: HTMLElement;
  readonly role: Role;
  /** Adds a chunk to what it holds. */
  append(chunk: HTMLElement): void;
  /** Takes the insides out of the document, leaving a blank of the same height, or puts them back. */
  setVisible(isVisible: boolean): void;
  /** Adds the footer that only finished model turns have. */
  finish(elapsedMs: number): void;
  /** Replaces what it holds by an error. */
  fail(text: string): void;
  /** Adds a note that the content was blocked. */
  block(text: string): void;
}

/** What a turn's own buttons do. */
export interface TurnActions {
  readonly onEdit: (isOpen: boolean) => void;
  readonly onOptions: (button: HTMLElement) => void;
}

/** Makes a turn. Its buttons show on hover only. */
export function createTurn(app: App, role: Role, actions: TurnActions): Turn {
  const name = role === 'user' ? 'User' : 'Model';
  const chunks = h('div.chunks');
  const label = h(
    'div.author-label[role="heading"]',
    {},
    name,
    h('span.timestamp', {}, new Date().toLocaleTimeString('en', { timeStyle: 'short' })),
  );
  const spacer = h('div.spacer');
  const content = h('div.turn-content', {}, label, chunks);
  const footer = h('div.turn-footer');
  const element = h(
    'ms-chat-turn.text-chunk-host',
    { id: `turn-${crypto.randomUUID().toUpperCase()}` },
    h(
      role === 'user' ? app.marks.userTurn : app.marks.modelTurn,
      {},
      turnButtons(actions),
      h(
        `div.virtual-scroll-container.${role}-prompt-container`,
        { 'data-turn-role': name },
        spacer,
        content,
      ),
      footer,
    ),
  );
  showOnHover(app, element);

  return {
    element,
    role,
    append: (chunk) => chunks.append(chunk),
    setVisible(isVisible) {
      if (isVisible === content.hasChildNodes()) return;
      spacer.style.height = isVisible ? '0' : `${content.offsetHeight}px`;
      content.replaceChildren(...(isVisible ? [label, chunks] : []));
    },
    finish(elapsedMs) {
      footer.replaceChildren(
        h('div.model-run-time-pill', {}, icon('timer'), `${(elapsedMs / 1000).toFixed(1)}s`),
        h('button[aria-label="Good response"]', {}, icon('thumb_up')),
        h('button[aria-label="Bad response"]', {}, icon('thumb_down')),
      );
    },
    fail(text) {
      const message = h('div.model-error', {}, icon('warning'), h('span', {}, text));
      chunks.replaceChildren(h('ms-prompt-chunk.text-chunk', {}, message));
    },
    block(text) {
      chunks.append(h('div.blocked-content', {}, icon('warning'), h('span', {}, text)));
    },
  };
}

function turnButtons({ onEdit, onOptions }: TurnActions): HTMLElement {
  let isEditing = false;
  const edit: HTMLElement = h(
    'button.toggle-edit-button[aria-label="Edit"]',
    {
      onClick() {
        isEditing = !isEditing;
        setAttribute(edit, 'aria-label', isEditing ? 'Stop editing' : 'Edit');
        edit.replaceChildren(icon(isEditing ? 'check' : 'edit'));
        row.classList.toggle('editing', isEditing);
        onEdit(isEditing);
      },
    },
    icon('edit'),
  );
  const rerun = h('button[name="rerun-button"][aria-label="Rerun"]', {}, icon('refresh'));
  const options: HTMLElement = h(
    'button[aria-label="Open options"][aria-haspopup="menu"]',
    { onClick: () => onOptions(options) },
    icon('more_vert'),
  );
  const row = h(
    'div.actions-container',
    {},
    h('div.hover-or-edit', {}, edit, rerun),
    h('ms-chat-turn-options', {}, h('div', {}, options)),
  );
  return row;
}

function showOnHover({ live }: App, element: HTMLElement): void {
  let timer = 0;
  element.addEventListener('mouseenter', () => {
    timer = window.setTimeout(() => element.classList.add('hovered'), live.timing.hover);
  });
  element.addEventListener('mouseleave', () => {
    window.clearTimeout(timer);
    element.classList.remove('hovered');
  });
}
