import { delay, fill, h } from './dom.ts';
import { type Live } from './live.ts';

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

/** The overlay container at the end of the body (page.md §0). */
export interface Overlays {
  open(content: HTMLElement, options?: OverlayOptions): Overlay;
  /** Opens a Material dialog with a title, content and buttons. */
  dialog(content: HTMLElement, options?: OverlayOptions): Overlay;
}

/** Makes the container; Escape closes the topmost overlay. */
export function createOverlays(live: Live): Overlays {
  const container = h('div.cdk-overlay-container');
  document.body.append(container);
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
    const wrapper = h('div.cdk-global-overlay-wrapper', {}, pane);
    const show = async (): Promise<void> => {
      await delay(options.openDelay ?? live.timing.panel);
      if (!isOpen) return;
      container.append(wrapper);
      if (options.position) moveInside(pane, options.position);
    };
    const takeAway = async (): Promise<void> => {
      await delay(live.timing.dialogClose);
      layer.remove();
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
        void takeAway();
      },
    };
    stack.push({ overlay, isDismissible });
    if (backdrop !== undefined) container.append(layer);
    void show();
    return overlay;
  };

  return {
    open,
    dialog(content, options = {}) {
      const surface = h('div.mat-mdc-dialog-surface.mdc-dialog__surface', {}, content);
      const box = h(
        'mat-dialog-container.mat-mdc-dialog-container[role="dialog"][aria-modal="true"]',
        {},
        h('div.mat-mdc-dialog-inner-container', {}, surface),
      );
      return open(box, { backdrop: 'cdk-overlay-dark-backdrop', ...options });
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
