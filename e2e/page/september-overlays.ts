import { el, icon, type Markup } from './markup.ts';

/** The kind of a toast is a class of the callout in it (page.md §9). */
export type ToastKind = 'error' | 'warning' | 'info' | 'success';

/** A toast: a snack bar at the top with a callout in it. */
export const toast = (kind: ToastKind, message: string): Markup =>
  el(
    'div.cdk-overlay-popover.cdk-global-overlay-wrapper',
    el(
      'div.cdk-overlay-pane',
      el(
        'mat-snack-bar-container.mat-mdc-snack-bar-container.ms-toast-snack-bar-container',
        el(
          'ms-toast',
          el(
            'div.toast',
            el(
              `ms-callout.${kind}-callout`,
              el(
                'div.main-content',
                icon(kind),
                el('div.content', el('div.message', ` ${message} `)),
              ),
              el('button.dismiss-button[aria-label="Dismiss"]', icon('close')),
            ),
          ),
        ),
      ),
    ),
  );

const pane = (css: string, ...children: readonly Markup[]): Markup =>
  el(
    'div[data-overlay]',
    el('div.cdk-overlay-backdrop.cdk-overlay-backdrop-showing.overlay-fixed'),
    el(
      `div.cdk-overlay-pane.mat-mdc-dialog-panel${css}`,
      el(
        'mat-dialog-container.mat-mdc-dialog-container[role="dialog"][aria-modal="true"]',
        el('div.mat-mdc-dialog-inner-container', ...children),
      ),
    ),
  );

/** A dialog with a title, words and buttons; a button whose name ends with `!` is the primary one. */
export const dialog = (title: string, words: string, ...buttons: readonly string[]): Markup =>
  pane(
    '',
    el('h2[mat-dialog-title]', title),
    el('mat-dialog-content', words),
    el(
      'mat-dialog-actions',
      ...buttons.map((name) =>
        el(
          `button[ms-button][aria-label="${name.replace('!', '')}"]${name.endsWith('!') ? '.ms-button-primary' : ''}[data-closes]`,
          name.replace('!', ''),
        ),
      ),
    ),
  );

/** A panel that slides in from the right: a dialog, never inside its host (page.md §6.1). */
export const slidingPanel = (title: string, ...content: readonly Markup[]): Markup =>
  pane(
    '.ms-sliding-right-panel-dialog.animation-enabled.animation-show',
    el(
      'div.panel-header[mat-dialog-title]',
      el('div.title', title),
      el('button[aria-label="Close panel"][data-test-close-button][data-closes]', icon('close')),
    ),
    el('div.content', ...content),
  );

/** The list of models, in which a row may be disabled (page.md §6.1). */
export const modelPanel = (): Markup =>
  slidingPanel(
    'Model selection',
    el('ms-input-field', el('input[ms-input][aria-label="Search"][data-right="modelSearch"]')),
    el(
      'div.model-options-container',
      modelRow('gemini-3.8-flash', '.selected'),
      modelRow('gemini-3-pro-preview', ''),
      modelRow('gemini-2.0-flash', '.disabled'),
    ),
  );

const modelRow = (id: string, css: string): Markup =>
  el(`ms-model-carousel-row${css}`, {
    // An id with dots is more than the builder's selector syntax can say.
    html: el(
      'button.content-button',
      el('span.model-title-text', id),
      el('span.model-subtitle[data-test-id="model-name"]', id),
    ).html.replace('<button', `<button id="model-carousel-row-models/${id}"`),
  });

/** The menu of a turn: the classes of its copy items stand on a child (page.md §5.1). */
export const turnMenu = (): Markup =>
  el(
    'div.cdk-overlay-pane',
    el(
      'div.mat-mdc-menu-panel[role="menu"]',
      el('button[role="menuitem"]', icon('delete'), el('span', 'Delete')),
      el(
        'button[role="menuitem"]',
        el('span.copy-rendered-button', icon('content_copy'), el('span', 'Copy as text')),
      ),
      el(
        'button[role="menuitem"][data-right="copyMarkdown"]',
        el('span.copy-markdown-button', icon('markdown_copy'), el('span', 'Copy as markdown')),
      ),
    ),
  );

/** A bar over the page with one button, as consent and news come. */
export const bar = (css: string, words: string, button: string): Markup =>
  el(`div${css}[data-overlay]`, el('p', words), el('button[data-closes]', button));

/** A file in the prompt box, with what it says of itself (page.md §7). */
export const mediaItem = (name: string, state: string): Markup =>
  el(
    'ms-prompt-media[data-right="attachedMedia"]',
    el('span.name', name),
    el('span[data-test-id="token-count"]', state),
    el('button[aria-label="Remove media"][data-right="removeMedia"]', icon('close')),
  );
