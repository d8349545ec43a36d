import { fill, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { type Overlays } from './overlays.ts';

/** A Material select (page.md §6.4). */
export interface SelectControl<T> {
  readonly element: HTMLElement;
  show(value: T | undefined): void;
}

/** Makes a select whose list of options opens over the page. */
export function createSelect<T>(
  overlays: Overlays,
  mark: string,
  options: () => readonly (readonly [value: T, name: string])[],
  onChoose: (value: T) => void,
): SelectControl<T> {
  const value = h('span.mat-mdc-select-value-text');
  const openList = (): void => {
    const box = element.getBoundingClientRect();
    const items = options().map(([option, name]) =>
      h(
        'mat-option.mat-mdc-option',
        {
          role: 'option',
          'aria-selected': String(name === value.textContent),
          onClick: () => {
            overlay.close();
            onChoose(option);
          },
        },
        h('span.mdc-list-item__primary-text', {}, name),
      ),
    );
    const overlay = overlays.open(h('div.mat-mdc-select-panel[role="listbox"]', {}, ...items), {
      backdrop: 'cdk-overlay-transparent-backdrop',
      paneClass: 'menu-pane',
      position: { x: box.left, y: box.bottom },
    });
    overlay.onClosed(() => setAttribute(element, 'aria-expanded', 'false'));
    setAttribute(element, 'aria-expanded', 'true');
  };
  const element = h(
    mark,
    { role: 'combobox', tabindex: 0, 'aria-expanded': 'false', 'aria-haspopup': 'listbox' },
    h('div.mat-mdc-select-trigger', { onClick: openList }, value, icon('arrow_drop_down')),
  );
  element.addEventListener('keydown', ({ key }) => {
    if (['Enter', ' ', 'ArrowDown'].includes(key)) openList();
  });
  return {
    element,
    show: (shown) => fill(value, options().find(([option]) => option === shown)?.[1] ?? ''),
  };
}
