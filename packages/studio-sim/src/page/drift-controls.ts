import { type DriftNames } from '../drift/names.ts';
import { type Properties } from './dom.ts';

/** A class for the page's own styles: what looks like a button without being one. */
export const BUTTON_LIKE = 'button-like';

/** Whether a button is a switch by its mark or properties. */
export function isSwitch(mark: string, properties: Properties): boolean {
  return properties['role'] === 'switch' || mark.includes('[role="switch"]');
}

/** A switch as it is, or as another control with the same state. */
export function toControl(names: DriftNames, subject: string): HTMLElement {
  if (!names.isChosen('control', subject)) return document.createElement('button');
  return names.way([checkbox, pressedButton, roleOfCheckbox], 'control', subject)();
}

/** A native checkbox: its state is a property, not an attribute. */
function checkbox(): HTMLElement {
  const element = document.createElement('input');
  element.type = 'checkbox';
  translate(element, (name, value) => {
    if (name === 'aria-checked') element.checked = value === 'true';
    return name === 'aria-checked' || name === 'role' || name === 'type'
      ? undefined
      : [name, value];
  });
  return element;
}

/** A toggle button: `aria-pressed` and no role. */
function pressedButton(): HTMLElement {
  const element = document.createElement('button');
  translate(element, (name, value) => {
    if (name === 'role') return undefined;
    return [name === 'aria-checked' ? 'aria-pressed' : name, value];
  });
  return element;
}

function roleOfCheckbox(): HTMLElement {
  const element = document.createElement('button');
  translate(element, (name, value) => [name, name === 'role' ? 'checkbox' : value]);
  return element;
}

/** Has everything that sets an attribute of the element set another one instead. */
function translate(
  element: HTMLElement,
  to: (name: string, value: string) => readonly [string, string] | undefined,
): void {
  const set = element.setAttribute.bind(element);
  element.setAttribute = (name, value) => {
    const other = to(name, value);
    if (other) set(...other);
  };
}

/**
 * An element with the role of a button that a person can use like one: by mouse, Enter and the space
 * bar, and not while it is disabled, which `aria-disabled` says.
 */
export function asButton(): HTMLElement {
  const element = document.createElement('div');
  element.className = BUTTON_LIKE;
  element.setAttribute('role', 'button');
  element.tabIndex = 0;
  const isDisabled = (): boolean => element.getAttribute('aria-disabled') === 'true';
  translate(element, (name, value) => {
    if (name === 'type') return undefined;
    return name === 'disabled' ? ['aria-disabled', 'true'] : [name, value];
  });
  const remove = element.removeAttribute.bind(element);
  element.removeAttribute = (name) => remove(name === 'disabled' ? 'aria-disabled' : name);
  element.toggleAttribute = (name, force = !element.hasAttribute(name)) => {
    if (force) element.setAttribute(name, '');
    else element.removeAttribute(name);
    return force;
  };
  Object.defineProperties(element, {
    disabled: {
      get: isDisabled,
      set(value: boolean) {
        element.setAttribute('aria-disabled', String(value));
      },
    },
    type: { value: 'button', writable: true },
  });
  element.addEventListener(
    'click',
    (event) => {
      if (isDisabled()) event.stopImmediatePropagation();
    },
    { capture: true },
  );
  element.addEventListener('keydown', (event) => {
    if (event.target !== element || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    element.click();
  });
  return element;
}
