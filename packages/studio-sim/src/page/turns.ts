import { type App } from './app.ts';
import { fill, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { type Scroller } from './scroller.ts';

/** Who speaks. */
export type Role = 'user' | 'model';

/** One turn of the conversation on the page (page.md §5). */
export interface Turn {
  /** Its host; another one, with the same id, after a change. */
  readonly element: HTMLElement;
  readonly role: Role;
  /** Adds a chunk to what it holds. */
  append(chunk: HTMLElement): void;
  /** Marks the turn that holds thoughts alone. */
  markThoughts(): void;
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

/** What a turn is made with. */
export interface TurnOptions {
  readonly role: Role;
  /** Only the first of several model turns in a row says who speaks. */
  readonly hasLabel: boolean;
  readonly actions: TurnActions;
  readonly scroller: Pick<Scroller, 'replace'>;
}

/**
 * Makes a turn. Its buttons show on hover only. Its host is made anew when it is put into edit view,
 * out of it, and when it is finished.
 */
export function createTurn(app: App, options: TurnOptions): Turn {
  const { role, hasLabel, actions, scroller } = options;
  const name = role === 'user' ? 'User' : 'Model';
  const id = `turn-${crypto.randomUUID().toUpperCase()}`;
  let held: HTMLElement[] = [];
  const label =
    hasLabel &&
    h(
      'div.author-label[role="heading"][aria-level="3"]',
      {},
      name,
      ' ',
      h('span.timestamp', {}, new Date().toLocaleTimeString('en', { timeStyle: 'short' })),
    );
  const spacer = h('div.spacer');
  const content = h('div.turn-content[msheightchanged]', {}, label);
  let isVisible = true;
  const footer = h('div.turn-footer');
  let isEditing = false;
  let isThoughts = false;

  const hold = (...elements: HTMLElement[]): void => {
    held = elements;
    if (isVisible) fill(content, label, ...held);
  };
  const makeHost = (): HTMLElement => {
    const mark = role === 'user' ? app.marks.userTurn : app.marks.modelTurn;
    const host = h(
      'ms-chat-turn.ng-star-inserted',
      { id },
      h(
        `${mark}.code-block-aligner`,
        {},
        turnButtons(isEditing, { ...actions, onEdit: toggleEdit }),
        h(
          `div.virtual-scroll-container.${role}-prompt-container`,
          { 'data-turn-role': name },
          spacer,
          content,
        ),
        footer,
      ),
    );
    host.classList.toggle('thought-activity-host', isThoughts);
    showOnHover(app, host);
    return host;
  };
  const renew = (): void => {
    const old = element;
    element = makeHost();
    if (old.matches(':hover')) element.classList.add('hovered');
    scroller.replace(old, element);
  };
  const toggleEdit = (isOpen: boolean): void => {
    app.isEditing.set(isOpen);
    app.effects.after(() => {
      isEditing = isOpen;
      renew();
      actions.onEdit(isOpen);
    });
  };
  let element = makeHost();

  return {
    get element() {
      return element;
    },
    role,
    append(chunk) {
      held.push(chunk);
      if (isVisible) content.append(chunk);
    },
    markThoughts() {
      isThoughts = true;
      element.classList.add('thought-activity-host');
    },
    setVisible(isWanted) {
      if (isWanted === isVisible) return;
      isVisible = isWanted;
      spacer.style.height = isVisible ? '0' : `${content.offsetHeight}px`;
      if (isVisible) fill(content, label, ...held);
      else fill(content);
    },
    finish(elapsedMs) {
      app.effects.after(() => {
        footer.replaceChildren(
          h('span.model-run-time-pill', {}, `${(elapsedMs / 1000).toFixed(1)}s`),
          h('button[aria-label="Good response"]', {}, icon('thumb_up')),
          h('button[aria-label="Bad response"]', {}, icon('thumb_down')),
        );
        renew();
      });
    },
    fail(text) {
      const error = icon('error', '.error-icon');
      hold(h('div.prompt-container.model-error', {}, error, h('div', {}, text)));
    },
    block(text) {
      const note = app.live.isOn('blocked-container') ? blockedContainer(text) : feedback(text);
      hold(...held, note);
    },
  };
}

/** How most pages say that an answer was held back: the words stand inside a button. */
function feedback(text: string): HTMLElement {
  return h(
    'ms-prompt-feedback',
    {},
    h(
      'button[iconname="warning"][aria-label="Safety Ratings"][mattooltip="Safety Ratings"]',
      {},
      icon('warning'),
      h('span', {}, text),
    ),
  );
}

function blockedContainer(text: string): HTMLElement {
  return h('div.blocked-content-container', {}, icon('warning'), h('span.blocked-text', {}, text));
}

function turnButtons(isEditing: boolean, { onEdit, onOptions }: TurnActions): HTMLElement {
  const edit: HTMLElement = h(
    'button.toggle-edit-button',
    {
      'aria-label': isEditing ? 'Stop editing' : 'Edit',
      onClick() {
        setAttribute(edit, 'aria-label', isEditing ? 'Edit' : 'Stop editing');
        onEdit(!isEditing);
      },
    },
    icon(isEditing ? 'check' : 'edit'),
  );
  const rerun = h(
    'button.rerun-button[name="rerun-button"][aria-label="Rerun this turn"]',
    {},
    icon('refresh'),
  );
  const options: HTMLElement = h(
    'button[aria-label="Open options"][aria-haspopup="menu"]',
    { onClick: () => onOptions(options) },
    icon('more_vert'),
  );
  const row = h(
    'div.actions-container',
    {},
    h(
      'div.actions.hover-or-edit',
      {},
      edit,
      rerun,
      h('ms-chat-turn-options', {}, h('div', {}, options)),
    ),
  );
  row.classList.toggle('editing', isEditing);
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
