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

/** Makes a text chunk. `isUser` marks the user's copy as the page does. */
export function createTextChunk(start: string, isUser = false): TextChunk {
  let source = start;
  let isEditing = false;
  let timer = 0;
  let costMs = 0;
  const chunk = h('ms-text-chunk');
  const element = h('ms-prompt-chunk.text-chunk.ng-star-inserted', {}, chunk);

  const render = (): void => {
    timer = 0;
    const begun = performance.now();
    fill(chunk, isEditing ? editor() : preferences.value.rawModeEnabled ? raw() : rendered());
    costMs = performance.now() - begun;
  };
  const raw = (): HTMLElement => h('pre.raw-text', {}, source);
  const rendered = (): HTMLElement => {
    const node = renderMarkdown(source);
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
  render();

  return {
    element,
    get source() {
      return source;
    },
    append(text) {
      source += text;
      timer ||= window.setTimeout(render, Math.max(FRAME_MS, 3 * costMs)); // long texts render less often
    },
    flush() {
      if (timer !== 0) {
        window.clearTimeout(timer);
        render();
      }
    },
    refresh: render,
    edit(isOpen) {
      isEditing = isOpen;
      render();
    },
  };
}
