import { type Child, h } from './dom.ts';
import { icon } from './icons.ts';
import { type Overlay, type Overlays } from './overlays.ts';

/** An entry of a menu. */
export interface MenuItem {
  readonly name: string;
  readonly glyph: string;
  readonly onChoose?: () => void;
  /** Mark of the entry's button; a plain menu item by default. */
  readonly mark?: string;
  /** More of what the button contains. */
  readonly extra?: readonly Child[];
  /** Whether the menu stays open when the entry is chosen. */
  readonly staysOpen?: boolean;
}

/** Opens a menu over the page; the page is blocked until something is chosen or Escape is pressed. */
export function openMenu(
  overlays: Overlays,
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
      ...items.map(({ name, glyph, onChoose, mark, extra = [], staysOpen }) =>
        h(
          mark ?? 'button.mat-mdc-menu-item[role="menuitem"]',
          {
            onClick() {
              if (!staysOpen) overlay.close();
              onChoose?.();
            },
          },
          icon(glyph),
          h('span.mat-mdc-menu-item-text', {}, name),
          ...extra,
        ),
      ),
    ),
  );
  const overlay = overlays.open(menu, {
    backdrop: 'cdk-overlay-transparent-backdrop',
    paneClass: 'menu-pane',
    position: { x: box.left, y: box.top > window.innerHeight / 2 ? box.top : box.bottom },
  });
  return overlay;
}
