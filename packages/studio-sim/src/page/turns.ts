import { type App } from './app.ts';
import { h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';

/** Who speaks. */
export type Role = 'user' | 'model';

/** One turn of the conversation on the page (page.md §5). */
export interface Turn {
  readonly element: HTMLElement;
  readonly role: Role;
  /** Where the chunks go. */
  readonly content: HTMLElement;
  /** Adds the footer that only finished model turns have. */
  finish(elapsedMs: number): void;
  /** Replaces what it holds by an error message. */
  fail(text: string, isBlocked?: boolean): void;
}

/** What a turn's own buttons do. */
export interface TurnActions {
  readonly onEdit: () => void;
  readonly onRerun: () => void;
  readonly onOptions: (button: HTMLElement) => void;
}

/** Makes a turn with its buttons, which show on hover only. */
export function createTurn(app: App, role: Role, actions: TurnActions): Turn {
  const { live } = app;
  const name = role === 'user' ? 'User' : 'Model';
  const editButton = h(
    'button.toggle-edit-button[aria-label="Edit"]',
    { onClick: actions.onEdit },
    icon('edit'),
  );
  const rerunButton = h(
    'button[name="rerun-button"][aria-label="Rerun"]',
    { onClick: actions.onRerun },
    icon('refresh'),
  );
  const optionsButton: HTMLElement = h(
    'button[aria-label="Open options"][aria-haspopup="menu"]',
    { onClick: () => actions.onOptions(optionsButton) },
    icon('more_vert'),
  );
  const chunks = h('div.chunks');
  const turnContent = h(
    'div.turn-content',
    {},
    h(
      'div.author-label[role="heading"]',
      {},
      name,
      h('span.timestamp', {}, new Date().toLocaleTimeString('en', { timeStyle: 'short' })),
    ),
    chunks,
  );
  const footer = h('div.turn-footer');
  const hoverable = h('div.hover-or-edit', {}, editButton, rerunButton);
  const element = h(
    'ms-chat-turn.text-chunk-host',
    { id: `turn-${crypto.randomUUID().toUpperCase()}` },
    h(
      `div.chat-turn-container.${role}.render`,
      {},
      h(
        'div.actions-container',
        {},
        hoverable,
        h('ms-chat-turn-options', {}, h('div', {}, optionsButton)),
      ),
      h(
        `div.virtual-scroll-container.${role}-prompt-container`,
        { 'data-turn-role': name },
        turnContent,
      ),
      footer,
    ),
  );
  let timer = 0;
  element.addEventListener('mouseenter', () => {
    timer = window.setTimeout(() => element.classList.add('hovered'), live.timing.hover);
  });
  element.addEventListener('mouseleave', () => {
    window.clearTimeout(timer);
    element.classList.remove('hovered');
  });

  return {
    element,
    role,
    content: chunks,
    finish(elapsedMs) {
      footer.replaceChildren(
        h('div.model-run-time-pill', {}, icon('timer'), `${(elapsedMs / 1000).toFixed(1)}s`),
        h('button[aria-label="Good response"]', {}, icon('thumb_up')),
        h('button[aria-label="Bad response"]', {}, icon('thumb_down')),
      );
    },
    fail(text, isBlocked = false) {
      const message = isBlocked
        ? h('div.blocked-content', {}, icon('warning'), h('span', {}, text))
        : h('div.model-error', {}, icon('warning'), h('span', {}, text));
      chunks.replaceChildren(h('ms-prompt-chunk.text-chunk', {}, message));
      setAttribute(element, 'data-failed', true);
    },
  };
}
