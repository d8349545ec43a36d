import { type App } from './app.ts';
import { fill, h, setAttribute } from './dom.ts';
import { renderMarkdown } from './markdown.ts';
import { preferences } from './preferences.ts';

/** A stretch of text in a turn: rendered, raw, or open for editing. */
export interface TextChunk {
  readonly element: HTMLElement;
  /** The text itself. */
  readonly source: string;
  append(text: string): void;
  /** Renders what is not rendered yet. */
  flush(): void;
  /** Renders anew, for example after raw mode was switched. */
  refresh(): void;
  /** Opens the source in a text box (page.md §5.1, raw path A), or takes the edited text over. */
  edit(isOpen: boolean): void;
}

const FRAME_MS = 16;
const THROTTLED_MS = 1000;
/** A longer text is not rendered, but shown as it is. */
const VERY_LARGE = 200_000;
/** Of longer texts only so many characters are shown: laying them out would take seconds. */
const MOST_SHOWN = { user: 20_000, model: 300_000 };

/** Makes a text chunk. `isUser` marks the user's copy as the page does. */
export function createTextChunk({ live }: App, start: string, isUser: boolean): TextChunk {
  let source = start;
  let isEditing = false;
  let timer = 0;
  let costMs = 0;
  const chunk = h('ms-text-chunk');
  const element = h(
    'ms-prompt-chunk.text-chunk.ng-star-inserted',
    { id: crypto.randomUUID().toUpperCase() },
    chunk,
  );

  const render = (): void => {
    window.clearTimeout(timer);
    timer = 0;
    const begun = performance.now();
    const isRaw = preferences.value.rawModeEnabled || source.length > VERY_LARGE;
    fill(chunk, isEditing ? editor() : isRaw ? raw() : rendered());
    costMs = performance.now() - begun;
  };
  const raw = (): HTMLElement => h('div.very-large-text-container.ng-star-inserted', {}, source);
  const rendered = (): HTMLElement => {
    const most = isUser ? MOST_SHOWN.user : MOST_SHOWN.model;
    const node = renderMarkdown(source.length > most ? `${source.slice(0, most)}…` : source);
    if (isUser) node.classList.add('user-chunk');
    return node;
  };
  const editor = (): HTMLElement => {
    const box = h('textarea[aria-label="Edit text"]');
    const size = h('ms-autosize-textarea', {}, box);
    box.value = source;
    setAttribute(size, 'data-value', source);
    box.addEventListener('input', () => {
      source = box.value;
      setAttribute(size, 'data-value', source);
    });
    return size;
  };
  /** Long texts render less often; a page in the background hardly at all. */
  const pauseMs = (): number =>
    live.isOn('throttled-rendering') ? THROTTLED_MS : Math.max(FRAME_MS, 3 * costMs);
  render();

  return {
    element,
    get source() {
      return source;
    },
    append(text) {
      source += text;
      timer ||= window.setTimeout(render, pauseMs());
    },
    flush() {
      if (timer !== 0 && !live.isOn('throttled-rendering')) render();
    },
    refresh: render,
    edit(isOpen) {
      isEditing = isOpen;
      render();
    },
  };
}
