import { type App } from './app.ts';
import { h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { renderMarkdown } from './markdown.ts';

/** The model's thoughts, folded away until someone looks (page.md §5.2). */
export interface ThoughtChunk {
  readonly element: HTMLElement;
  append(text: string): void;
  /** Takes the running mark away. */
  finish(): void;
}

/** Makes an empty thoughts accordion that says it is still thinking. */
export function createThoughtChunk({ marks }: App): ThoughtChunk {
  let source = '';
  let isOpen = false;
  const progress = icon('progress_activity', '.thinking-progress-icon.in-progress');
  const hint = h('span.thought-hint');
  const body = h('div.mat-expansion-panel-body');
  const header = h(
    'mat-expansion-panel-header.mat-expansion-panel-header[role="button"]',
    {
      onClick: () => {
        isOpen = !isOpen;
        show();
      },
    },
    h('span.thought-title', {}, progress, h('span', {}, 'Thoughts')),
    hint,
    icon('expand_more'),
  );
  const panel = h(
    'mat-expansion-panel.thought-panel',
    {},
    header,
    h('div.panel-content', {}, body),
  );
  const show = (): void => {
    setAttribute(header, 'aria-expanded', String(isOpen));
    panel.classList.toggle('mat-expanded', isOpen);
    hint.textContent = isOpen ? 'Collapse to hide model thoughts' : 'Expand to view model thoughts';
    body.replaceChildren(...(isOpen ? [renderMarkdown(source)] : []));
  };
  show();

  return {
    element: h(
      'ms-prompt-chunk.text-chunk',
      {},
      h(marks.thoughts, {}, h('mat-accordion.mat-accordion', {}, panel)),
    ),
    append(text) {
      source += text;
      if (isOpen) show();
    },
    finish() {
      progress.classList.remove('in-progress');
      progress.replaceWith(icon('psychology', '.thinking-progress-icon'));
    },
  };
}
