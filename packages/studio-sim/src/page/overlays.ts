import { delay, fill, h } from './dom.ts';
import { type Effects } from './effects.ts';
import { type Live } from './live.ts';
import { type Marks, type Variant } from './marks.ts';
import { iconButton } from './ms-button.ts';

/** Something that lies over the page. */
export interface Overlay {
  /** Takes it away, after the time the closing animation needs. */
  close(): void;
  readonly isOpen: boolean;
  /** Calls back when it is gone. */
  onClosed(listener: () => void): void;
}

/** How an overlay behaves. */
export interface OverlayOptions {
  /** Extra classes of the backdrop; none at all: no backdrop, the page stays usable. */
  readonly backdrop?: string | undefined;
  /** Whether Escape and a click on the backdrop close it. Default true. */
  readonly isDismissible?: boolean;
  /** Ms from opening to being there; default the panel's animation. */
  readonly openDelay?: number;
  /** Where the pane sits: a class of its own. */
  readonly paneClass?: string;
  /** Upper left corner of the pane, px; it is moved to stay inside the window. */
  readonly position?: { readonly x: number; readonly y: number };
}

/** What lies over the page, in a container that comes with the first of it (page.md §0). */
export interface Overlays {
  open(content: HTMLElement, options?: OverlayOptions): Overlay;
  /** Opens a Material dialog with a title, content and buttons. */
  dialog(content: HTMLElement, options?: OverlayOptions): Overlay;
  /** Opens a panel that slides in from the right, with a title and a button that closes it. */
  panel(title: string, content: HTMLElement, backdrop?: string): Overlay;
  /** Adds something that blocks nothing, in the browser's top layer where the page has it so. */
  float(content: HTMLElement, paneClass?: string): HTMLElement;
}

/** What overlays need of the page. */
export interface OverlayHost {
  readonly live: Live;
  readonly effects: Effects;
  readonly marks: Marks;
  readonly variant: Variant;
}

/**
 * Escape closes the topmost overlay. Since U3 each is a popover of the browser's own, so that
 * nothing of the page can lie over it.
 */
export function createOverlays({ live, effects, marks, variant }: OverlayHost): Overlays {
  const isTopLayer = variant === 'u3';
  const container = h('div.cdk-overlay-container');
  const wrap = (...children: HTMLElement[]): HTMLElement =>
    isTopLayer
      ? h('div.cdk-overlay-popover.cdk-global-overlay-wrapper[popover="manual"]', {}, ...children)
      : h('div.cdk-global-overlay-wrapper', {}, ...children);
  const add = (wrapper: HTMLElement): void => {
    if (!container.isConnected) document.body.append(container);
    container.append(wrapper);
    if (isTopLayer) wrapper.showPopover();
  };
  const stack: { overlay: Overlay; isDismissible: boolean }[] = [];

  document.addEventListener('keydown', ({ key }) => {
    const top = stack.at(-1);
    if (key === 'Escape' && top?.isDismissible) top.overlay.close();
  });

  const open: Overlays['open'] = (content, options = {}) => {
    const { backdrop, isDismissible = true } = options;
    const listeners: (() => void)[] = [];
    let isOpen = true;
    const layer = h('div.cdk-overlay-backdrop.cdk-overlay-backdrop-showing', {
      onClick: () => isDismissible && overlay.close(),
    });
    layer.classList.add(...(backdrop ?? '').split(' ').filter(Boolean));
    const pane = h('div.cdk-overlay-pane', {}, content);
    if (options.paneClass) pane.classList.add(...options.paneClass.split(' '));
    const wrapper = wrap(pane);
    if (backdrop !== undefined) wrapper.prepend(layer);
    const show = (): void => {
      if (!isOpen) return;
      add(wrapper);
      if (options.position) moveInside(pane, options.position);
    };
    const takeAway = (): void => {
      wrapper.remove();
      for (const listener of listeners) listener();
    };
    const overlay: Overlay = {
      onClosed: (listener) => void listeners.push(listener),
      get isOpen() {
        return isOpen;
      },
      close() {
        if (!isOpen) return;
        isOpen = false;
        stack.splice(
          stack.findIndex((entry) => entry.overlay === overlay),
          1,
        );
        layer.classList.remove('cdk-overlay-backdrop-showing');
        pane.classList.remove('animation-show');
        void delay(live.timing.dialogClose).then(takeAway);
      },
    };
    stack.push({ overlay, isDismissible });
    void delay(options.openDelay ?? live.timing.panel).then(() => effects.after(show));
    return overlay;
  };
  const dialog: Overlays['dialog'] = (content, options = {}) => {
    const surface = h('div.mat-mdc-dialog-surface.mdc-dialog__surface', {}, content);
    const box = h(
      'mat-dialog-container.mat-mdc-dialog-container.mdc-dialog[role="dialog"][aria-modal="true"]',
      {},
      h('div.mat-mdc-dialog-inner-container.mdc-dialog__container', {}, surface),
    );
    return open(box, {
      backdrop: 'cdk-overlay-dark-backdrop',
      paneClass: 'mat-mdc-dialog-panel',
      ...options,
    });
  };

  return {
    open,
    dialog,
    panel(title, content, backdrop = 'cdk-overlay-dark-backdrop') {
      const close = iconButton(marks.closePanel, 'close', { onClick: () => overlay.close() });
      const heading = h(
        'h2.mat-mdc-dialog-title.mdc-dialog__title.panel-header[mat-dialog-title]',
        {},
        h('div.title', {}, title),
        close,
      );
      const overlay = dialog(h('div.panel', {}, heading, h('div.content', {}, content)), {
        backdrop,
        paneClass:
          'mat-mdc-dialog-panel ms-sliding-right-panel-dialog animation-enabled animation-show',
      });
      return overlay;
    },
    float(content, paneClass = '') {
      const pane = h('div.cdk-overlay-pane', {}, content);
      if (paneClass !== '') pane.classList.add(paneClass);
      const wrapper = wrap(pane);
      add(wrapper);
      return wrapper;
    },
  };
}

function moveInside(pane: HTMLElement, { x, y }: { readonly x: number; readonly y: number }): void {
  pane.style.left = `${Math.min(x, window.innerWidth - pane.offsetWidth - 8)}px`;
  pane.style.top = `${Math.min(y, window.innerHeight - pane.offsetHeight - 8)}px`;
}

/** The usual insides of a Material dialog. */
export function dialogBody(
  title: string | HTMLElement,
  content: HTMLElement,
  ...actions: HTMLElement[]
): HTMLElement {
  const heading = h('h2.mat-mdc-dialog-title.mdc-dialog__title');
  fill(heading, title);
  return h(
    'div.dialog-body',
    {},
    heading,
    h('mat-dialog-content.mat-mdc-dialog-content', {}, content),
    actions.length > 0 && h('mat-dialog-actions.mat-mdc-dialog-actions', {}, ...actions),
  );
}
