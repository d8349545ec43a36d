import { type App } from './app.ts';
import { fill, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { renderMarkdown } from './markdown.ts';

/** The model's thoughts, folded away until someone looks (page.md §5.2). */
export interface ThoughtChunk {
  readonly element: HTMLElement;
  /** What was thought so far. */
  readonly source: string;
  append(text: string): void;
  /** Takes the running mark away. */
  finish(): void;
}

const FRAME_MS = 16;
const STAR =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"%3E%3Cpath fill="%23a8c7fa" d="M12 3l2 7l7 2l-7 2l-2 7l-2-7l-7-2l7-2z"/%3E%3C/svg%3E';

/**
 * Makes an empty thoughts accordion that says it is still thinking. What was thought is always in
 * the document; the words that say whether it shows come after it.
 */
export function createThoughtChunk({ marks, effects }: App): ThoughtChunk {
  let source = '';
  let isOpen = false;
  let timer = 0;
  const progress = h('img.thinking-progress-icon.in-progress[alt="Thinking"]', { src: STAR });
  const hint = h('span');
  const text = h('ms-text-chunk');
  const body = h(
    'div.mat-expansion-panel-content[role="region"]',
    {},
    h('div.mat-expansion-panel-body', {}, text),
  );
  const header = h(
    'mat-expansion-panel-header.mat-expansion-panel-header[role="button"]',
    {
      onClick: () => {
        isOpen = !isOpen;
        setAttribute(header, 'aria-expanded', String(isOpen));
        effects.after(show);
      },
    },
    h('mat-panel-title', {}, progress, h('span', {}, 'Thoughts')),
  );
  const panel = h(
    'mat-expansion-panel.mat-expansion-panel.thought-panel',
    {},
    header,
    body,
    h('div.thought-hint', {}, hint, icon('chevron_right')),
  );
  const show = (): void => {
    setAttribute(header, 'aria-expanded', String(isOpen));
    panel.classList.toggle('mat-expanded', isOpen);
    body.style.visibility = isOpen ? 'visible' : 'hidden';
    body.style.height = isOpen ? 'auto' : '0';
    hint.textContent = isOpen ? 'Collapse to hide model thoughts' : 'Expand to view model thoughts';
  };
  const render = (): void => {
    timer = 0;
    fill(text, renderMarkdown(source));
  };
  show();

  return {
    element: h(
      'ms-prompt-chunk.text-chunk',
      {},
      h(
        marks.thoughts,
        {},
        h('mat-accordion.mat-accordion.compact-accordion[displaymode="flat"]', {}, panel),
      ),
    ),
    get source() {
      return source;
    },
    append(piece) {
      source += piece;
      timer ||= window.setTimeout(render, FRAME_MS);
    },
    finish() {
      window.clearTimeout(timer);
      render();
      progress.classList.remove('in-progress');
    },
  };
}
