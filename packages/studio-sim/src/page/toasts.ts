import { delay, h } from './dom.ts';
import { type Effects } from './effects.ts';
import { icon } from './icons.ts';
import { iconButton } from './ms-button.ts';
import { type Overlays } from './overlays.ts';

/** What a toast is about; its callout carries it. */
export type ToastKind = 'info' | 'warning' | 'error' | 'success';

/** Short messages at the top of the page (page.md §9). */
export interface Toasts {
  show(kind: ToastKind, text: string, title?: string): void;
  /** The message of a call that failed: at most one in three seconds. */
  showRpcError(text: string): void;
}

/** Errors and warnings stay long, "copied" and "saved" do not. */
const LIFE_MS = 20_000;
const SHORT_LIFE_MS = 8000;
const RPC_ERROR_GAP_MS = 3000;
const GLYPHS = { info: 'info', warning: 'warning', error: 'error', success: 'check' } as const;

/** Shows one toast at a time; a newer one takes its place, the same words are not shown twice. */
export function createToasts(overlays: Overlays, effects: Effects): Toasts {
  let shown: { readonly text: string; readonly wrapper: HTMLElement } | undefined;
  let lastRpcError = -RPC_ERROR_GAP_MS;

  const remove = (wrapper: HTMLElement): void => {
    wrapper.remove();
    if (shown?.wrapper === wrapper) shown = undefined;
  };
  const place = (kind: ToastKind, text: string, title?: string): void => {
    if (shown?.text === text) return;
    if (shown) remove(shown.wrapper);
    const dismiss = iconButton('button.dismiss-button[aria-label="Dismiss"]', 'close', {
      iconname: 'close',
      onClick: () => remove(wrapper),
    });
    const wrapper = overlays.float(snackBar(kind, text, title, dismiss), 'toast-pane');
    shown = { text, wrapper };
    const ms = /copied|saved/i.test(text) ? SHORT_LIFE_MS : LIFE_MS;
    void delay(ms).then(() => remove(wrapper));
  };
  const show: Toasts['show'] = (kind, text, title) => effects.after(() => place(kind, text, title));

  return {
    show,
    showRpcError(text) {
      const now = performance.now();
      if (now - lastRpcError < RPC_ERROR_GAP_MS) return;
      lastRpcError = now;
      show('error', text);
    },
  };
}

function snackBar(
  kind: ToastKind,
  text: string,
  title: string | undefined,
  dismiss: HTMLElement,
): HTMLElement {
  const callout = h(
    `ms-callout.${kind}-callout`,
    {},
    h(
      'div.main-content',
      {},
      icon(GLYPHS[kind], '.icon'),
      h(
        'div.content',
        {},
        title !== undefined && h('p.title', {}, title),
        h('div.message', {}, ` ${text} `),
        h('div.actions'),
      ),
    ),
    dismiss,
  );
  return h(
    'mat-snack-bar-container.mdc-snackbar.mat-mdc-snack-bar-container.ms-toast-snack-bar-container',
    {},
    h(
      'div.mdc-snackbar__surface.mat-mdc-snackbar-surface',
      {},
      h(
        'div.mat-mdc-snack-bar-label.mdc-snackbar__label',
        {},
        h('div[aria-live="polite"]', {}, h('ms-toast', {}, h('div.toast', {}, callout))),
      ),
    ),
  );
}
