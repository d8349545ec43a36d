import { type App } from './app.ts';
import { fill, h, setAttribute } from './dom.ts';

/** A Material select (page.md §6.4). */
export interface SelectControl<T> {
  readonly element: HTMLElement;
  show(value: T | undefined): void;
}

let made = 0;

/** Makes a select in its form field; the list of options opens over the page. */
export function createSelect<T>(
  { overlays, effects }: Pick<App, 'overlays' | 'effects'>,
  mark: string,
  options: () => readonly (readonly [value: T, name: string])[],
  onChoose: (value: T) => void,
): SelectControl<T> {
  const id = made;
  made += 1;
  let isOpen = false;
  const value = h('span.mat-mdc-select-min-line');
  const show = (shown: T | undefined): void =>
    fill(value, options().find(([option]) => option === shown)?.[1] ?? '');
  const choose = (option: T): void => {
    show(option);
    effects.after(() => onChoose(option));
  };
  const openList = (): void => {
    if (isOpen) return;
    isOpen = true;
    const box = select.getBoundingClientRect();
    const items = options().map(([option, name]) =>
      h(
        'mat-option.mat-mdc-option.mdc-list-item',
        {
          role: 'option',
          'aria-selected': String(name === value.textContent),
          onClick: () => {
            overlay.close();
            choose(option);
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
    overlay.onClosed(() => {
      isOpen = false;
      setAttribute(select, 'aria-expanded', 'false');
    });
    setAttribute(select, 'aria-expanded', 'true');
  };
  const select = h(
    mark,
    {
      role: 'combobox',
      id: `mat-select-${id}`,
      tabindex: 0,
      'aria-expanded': 'false',
      'aria-haspopup': 'listbox',
      'aria-disabled': 'false',
    },
    h(
      'div.mat-mdc-select-trigger',
      { onClick: openList },
      h('div.mat-mdc-select-value', {}, h('span.mat-mdc-select-value-text', {}, value)),
      h('div.mat-mdc-select-arrow-wrapper', {}, h('div.mat-mdc-select-arrow')),
    ),
  );
  select.classList.add('mat-mdc-select');
  select.addEventListener('keydown', ({ key }) => {
    if (['Enter', ' ', 'ArrowDown'].includes(key)) openList();
  });
  const element = h(
    'mat-form-field.mat-mdc-form-field.mat-mdc-form-field-type-mat-select',
    { appearance: 'outline' },
    h(
      'div.mat-mdc-text-field-wrapper.mdc-text-field',
      {},
      h('div.mat-mdc-form-field-flex', {}, h('div.mat-mdc-form-field-infix', {}, select)),
    ),
    h('div.mat-mdc-form-field-subscript-wrapper[aria-atomic="true"][aria-live="polite"]'),
  );
  return { element, show };
}
