import { el, icon, type Markup } from './markup.ts';

const cmark = (...children: readonly (Markup | string)[]): Markup =>
  el('ms-cmark-node.cmark-node', ...children);
const chunk = (content: Markup): Markup => el('ms-prompt-chunk.text-chunk', content);

/** A turn with its buttons, as `ms-chat-turn` holds it (page.md §5). */
export const turn = (
  role: 'User' | 'Model',
  number: number,
  content: readonly Markup[],
  ...footer: readonly Markup[]
): Markup =>
  el(
    `ms-chat-turn#turn-0000-${number}`,
    el(
      `div.chat-turn-container.render.${role.toLowerCase()}`,
      el(
        'div.actions-container',
        el('button.toggle-edit-button[aria-label="Edit"]', icon('edit')),
        el('button.rerun-button[name="rerun-button"][aria-label="Rerun this turn"]'),
        el('ms-chat-turn-options', el('button[aria-label="Open options"]', icon('more_vert'))),
      ),
      el(
        `div.virtual-scroll-container.${role.toLowerCase()}-prompt-container[data-turn-role="${role}"]`,
        el('div.turn-content', ...content),
      ),
      el('div.turn-footer', ...footer),
    ),
  );

/** Who speaks, and when: without a role on some pages. */
export const label = (role: string): Markup =>
  el('div.author-label', `${role} `, el('span.timestamp', '12:00'));

/** The user's question. */
export const question = (number: number, text: string): Markup =>
  turn('User', number, [label('User'), chunk(el('ms-text-chunk', cmark(el('span', text))))]);

/** Thoughts, folded: the body is there already; an image and words around it. */
export const thoughts = (...paragraphs: readonly string[]): Markup =>
  chunk(
    el(
      'ms-thought-chunk',
      el(
        'mat-accordion.compact-accordion',
        el(
          'mat-expansion-panel.thought-panel',
          el(
            'mat-expansion-panel-header[role="button"][aria-expanded="false"]',
            el('img.thinking-progress-icon[alt="Thinking"]'),
            el('span', 'Thoughts'),
          ),
          el(
            'div.mat-expansion-panel-content[style="visibility: hidden"]',
            el(
              'div.mat-expansion-panel-body',
              el('ms-text-chunk', cmark(...paragraphs.map((text) => el('p', text)))),
            ),
          ),
          el('div', el('span', 'Expand to view model thoughts'), icon('chevron_right')),
        ),
      ),
    ),
  );

/** A rendered text: `plain **bold** *italic*`. */
export const renderedText = (): Markup =>
  chunk(
    el(
      'ms-text-chunk',
      cmark(
        el(
          'p',
          el('ms-cmark-node', el('span', 'plain '), el('strong', 'bold'), el('span', ' ')),
          el('span[style="font-style: italic;"]', el('ms-cmark-node', el('span', 'italic'))),
        ),
      ),
    ),
  );

/** Raw view, and very large texts. */
export const rawText = (text: string): Markup =>
  chunk(el('ms-text-chunk', el('div.very-large-text-container', text)));

/** What Google Search puts under an answer. */
export const grounding = (): Markup[] => [
  el('ms-grounding-sources', el('span', 'Sources'), el('a', 'a source')),
  el('ms-search-entry-point', el('div', 'Google Search Suggestions')),
];

/** The marks of an answer that is over. */
export const finished = (): Markup[] => [
  el('span.model-run-time-pill', '2.7s'),
  el('button[aria-label="Good response"]', icon('thumb_up')),
  el('button[aria-label="Bad response"]', icon('thumb_down')),
];

/** A function call, with the form for its response. */
export const call = (name: string, args: string): Markup =>
  chunk(
    el(
      'ms-function-call-chunk',
      el(
        'ms-code-block[icon="function"]',
        el(
          'mat-expansion-panel-header[aria-expanded="true"]',
          el('mat-panel-title', icon('function'), el('span.title-text.name', name)),
          el('button[aria-label="Download"]', icon('download')),
        ),
        el('div.mat-expansion-panel-body', el('pre', el('code', args))),
      ),
      el(
        'form',
        el('input[aria-label="Enter a function response"]'),
        el('button[type="submit"][aria-disabled="true"]', 'Send'),
      ),
    ),
  );

/** Code that was run, and what came of it. */
export const ranCode = (code: string, result: string): Markup[] => [
  chunk(
    el(
      'ms-executable-code-chunk',
      el('ms-code-block', el('mat-panel-title', 'Code'), el('pre', el('code', code))),
    ),
  ),
  chunk(el('ms-code-execution-result-chunk', el('span', 'Result'), el('pre', result))),
];

/** Held back: the words stand inside a button whose own label says something else (page.md §9). */
export const blockedByButton = (words: string): Markup =>
  el(
    'ms-prompt-feedback',
    el(
      'button[iconname="warning"][aria-label="Safety Ratings"]',
      icon('warning'),
      ...(words === '' ? [] : [el('span', words)]),
    ),
  );

/** Held back, as other pages mark it. */
export const blockedByContainer = (words: string): Markup =>
  el('div.blocked-content-container', el('span.blocked-text', words));

/** A failed turn. */
export const failed = (words: string): Markup =>
  el(
    'div.prompt-container.model-error',
    el('div.error-icon.material-symbols-outlined', 'error'),
    el('div', words),
  );
