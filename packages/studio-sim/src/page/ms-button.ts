import { button, type Child, type Properties, setAttribute } from './dom.ts';
import { icon } from './icons.ts';

/** How a button of the page looks. */
export type ButtonVariant =
  | 'primary'
  | 'secondary'
  | 'borderless'
  | 'icon-borderless'
  | 'filter-chip';

const disabled = new WeakSet<Element>();

/**
 * A button as the page makes them (page.md §0): what is disabled has `aria-disabled` alone and
 * swallows its clicks.
 */
export function msButton(
  mark: string,
  variant: ButtonVariant,
  { onClick, ...properties }: Properties = {},
  ...children: Child[]
): HTMLButtonElement {
  const element = button(
    mark,
    {
      'ms-button': true,
      variant,
      'aria-disabled': 'false',
      onClick: (event) => {
        if (disabled.has(element)) event.stopImmediatePropagation();
      },
      ...properties,
    },
    ...children,
  );
  if (typeof onClick === 'function') element.addEventListener('click', onClick);
  const classes =
    variant === 'icon-borderless'
      ? ['ms-button-borderless', 'ms-button-icon']
      : [`ms-button-${variant}`];
  element.classList.add(...classes);
  return element;
}

/** A button that shows nothing but an icon. */
export function iconButton(
  mark: string,
  glyph: string,
  properties: Properties = {},
): HTMLButtonElement {
  return msButton(mark, 'icon-borderless', properties, icon(glyph));
}

/** Disables or enables a button of the page. */
export function setDisabled(element: Element, isDisabled: boolean): void {
  if (isDisabled) disabled.add(element);
  else disabled.delete(element);
  setAttribute(element, 'aria-disabled', String(isDisabled));
}
