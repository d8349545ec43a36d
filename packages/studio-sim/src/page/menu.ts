import { type App } from './app.ts';
import { type Child, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { type Overlay } from './overlays.ts';

/** An entry of a menu. */
export interface MenuItem {
  readonly name: string;
  readonly glyph: string;
  readonly onChoose?: () => void;
  /** Mark of the entry's button; a plain menu item by default. */
  readonly mark?: string;
  /** Class of the element inside the button that holds its face. */
  readonly faceClass?: string;
  /** More of what the button contains. */
  readonly extra?: readonly Child[];
  /** Whether the menu stays open when the entry is chosen. */
  readonly staysOpen?: boolean;
}

/** Opens a menu over the page; the page is blocked until something is chosen or Escape is pressed. */
export function openMenu(
  { overlays }: Pick<App, 'overlays'>,
  anchor: HTMLElement,
  items: readonly MenuItem[],
): Overlay {
  const box = anchor.getBoundingClientRect();
  const menu = h(
    'div.mat-mdc-menu-panel[role="menu"]',
    {},
    h(
      'div.mat-mdc-menu-content',
      {},
      ...items.map((item) =>
        entry(item, () => {
          if (!item.staysOpen) overlay.close();
          item.onChoose?.();
        }),
      ),
    ),
  );
  const overlay = overlays.open(menu, {
    backdrop: 'cdk-overlay-transparent-backdrop',
    paneClass: 'menu-pane',
    position: { x: box.left, y: box.top > window.innerHeight / 2 ? box.top : box.bottom },
  });
  setAttribute(anchor, 'aria-expanded', 'true');
  overlay.onClosed(() => setAttribute(anchor, 'aria-expanded', 'false'));
  return overlay;
}

function entry(
  { name, glyph, mark, faceClass, extra = [] }: MenuItem,
  onClick: () => void,
): HTMLElement {
  const face = [icon(glyph), h('span', {}, name), ...extra];
  return h(
    mark ?? 'button.mat-mdc-menu-item[role="menuitem"]',
    { onClick },
    h(
      'span.mat-mdc-menu-item-text',
      {},
      ...(faceClass ? [h(`span.${faceClass}`, {}, ...face)] : face),
    ),
  );
}
