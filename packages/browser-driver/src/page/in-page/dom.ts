import { type Alternates, type ElementName, type Locator } from '../selectors.ts';
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */
import { type Naming } from './naming.ts';
import { type Places } from './places.ts';

/** Eyes and hands inside the page: everything else in `in-page/` is said in these words. */
export interface Dom {
  /** The first visible element, by the best alternate that has one. `value` fills `{}`. */
  find(name: ElementName, value?: string): HTMLElement | undefined;
  /** All visible elements of the best alternate that has any. */
  findAll(name: ElementName, value?: string): HTMLElement[];
  /** The first element even if it is hidden, as file inputs are. */
  findHidden(name: ElementName): HTMLElement | undefined;
  /** The first element inside `root`, visible or not, by the best alternate in CSS that has one. */
  within(root: Element, name: ElementName): HTMLElement | undefined;
  /** All elements inside `root` by that alternate. */
  allWithin(root: Element, name: ElementName): HTMLElement[];
  /** The element itself or its closest ancestor by the best alternate in CSS that has one. */
  closest(element: Element, name: ElementName): HTMLElement | undefined;
  /** Whether this element is the named one, by its alternates in CSS. */
  is(element: Element, name: ElementName): boolean;
  /** Which alternate matches now, from 0; undefined: none. */
  alternateOf(name: ElementName, value?: string): number | undefined;
  /** The accessible name, roughly as assistive technology would say it. */
  nameOf(element: Element): string;
  /** The text a person sees, without the words that icon fonts are made of. */
  textOf(element: Element): string;
  isVisible(element: Element): boolean;
  isDisabled(element: Element): boolean;
  /** What a field holds, if this is something that text or a number can be entered into. */
  valueOf(field: Element | undefined): string | undefined;
  /** Whether a switch or a checkbox is on. */
  isOn(element: Element | undefined): boolean;
  /** Gives a field this value as an edit by hand would, events included. */
  fill(field: HTMLElement, value: string): void;
  /** Presses a key on an element. */
  press(element: Element, key: 'Enter' | 'Escape'): void;
  /**
   * Waits until `check` gives something truthy, looking again whenever the page changes. Undefined
   * after `timeoutMs`. Throws when the whole kit was cancelled.
   */
  until<T>(check: () => T | undefined | false, timeoutMs: number): Promise<T | undefined>;
  /**
   * True when the document has loaded, shows the controls of a page, and none of them has come or
   * gone for this long, ms: what is missing then does not come by waiting.
   */
  isQuiet(quietMs: number): boolean;
  /** Ends every present and future wait: nobody needs this document's answers any more. */
  cancel(): void;
  /** Lets waits work again. */
  resume(): void;
}

/** Makes a {@link Dom}. Runs in the page: refers to nothing outside itself. */
export function createDom(
  table: Record<ElementName, Alternates>,
  { nameOf, textOf, isNear, iconOf }: Naming,
  places: Places,
): Dom {
  /** How often to look at values whose change is no mutation, ms. */
  const POLL_MS = 50;
  /** Fewer controls than this has no page that has come. */
  const MIN_CONTROLS = 10;
  const CONTROLS =
    'button, [role="button"], a[href], input, textarea, select, mat-select, [role="switch"], [role="checkbox"], [role="combobox"], [role="spinbutton"], [role="slider"], [role="textbox"]';
  let isCancelled = false;
  const giveUps = new Set<() => void>();
  let changedAt = performance.now();
  const hasControl = (node: Node): boolean =>
    node instanceof Element && (node.matches(CONTROLS) || node.querySelector(CONTROLS) !== null);
  // Counters and marks of progress come and go on a page that is ready long since.
  new MutationObserver((records) => {
    const nodes = records.flatMap((record) => [...record.addedNodes, ...record.removedNodes]);
    if (nodes.some(hasControl)) changedAt = performance.now();
  }).observe(document, { subtree: true, childList: true });

  const isVisible = (element: Element): boolean =>
    element.isConnected && element.checkVisibility({ visibilityProperty: true });

  const isDisabled = (element: Element): boolean =>
    element.hasAttribute('disabled') || element.getAttribute('aria-disabled') === 'true';

  const matches = (locator: string | Locator, value: string, visible = true): HTMLElement[] => {
    const { css, name, near, text, icon, place }: Locator =
      typeof locator === 'string' ? { css: locator } : locator;
    const quoted = value.replace(/["\\]/g, '\\$&');
    const literal = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const pattern = (source: string): RegExp => new RegExp(source.replaceAll('{}', literal), 'i');
    let found = [...document.querySelectorAll<HTMLElement>(css.replaceAll('{}', quoted))];
    if (name !== undefined) found = found.filter((element) => pattern(name).test(nameOf(element)));
    if (near !== undefined) found = found.filter((element) => isNear(element, pattern(near), css));
    if (icon !== undefined) found = found.filter((element) => pattern(icon).test(iconOf(element)));
    if (text !== undefined) found = found.filter((element) => pattern(text).test(textOf(element)));
    if (visible) found = found.filter(isVisible);
    return place === undefined ? found : places[place](found);
  };

  const findAll = (name: ElementName, value = ''): HTMLElement[] => {
    for (const locator of table[name]) {
      const found = matches(locator, value);
      if (found.length > 0) return found;
    }
    return [];
  };

  const stylesOf = (name: ElementName): string[] =>
    table[name].filter((locator) => typeof locator === 'string');

  const isEditable = (field: Element | undefined): field is HTMLElement =>
    field instanceof HTMLElement && field.isContentEditable;

  const setText = (field: HTMLElement, value: string): void => {
    getSelection()?.selectAllChildren(field);
    // As typing does: an editor that keeps its own state follows no other change of its content.
    const isTaken = document.execCommand('insertText', false, value);
    if (!isTaken) field.textContent = value;
  };

  const setValue = (field: HTMLElement, value: string): void => {
    const proto =
      field instanceof HTMLTextAreaElement
        ? HTMLTextAreaElement.prototype
        : HTMLInputElement.prototype;
    // The native setter: frameworks replace the element's own `value` to notice edits by script.
    Object.getOwnPropertyDescriptor(proto, 'value')?.set?.call(field, value);
  };

  return {
    find: (name, value) => findAll(name, value)[0],
    findAll,
    findHidden: (name) => table[name].flatMap((locator) => matches(locator, '', false))[0],
    within(root, name) {
      for (const css of stylesOf(name)) {
        const found = root.querySelector<HTMLElement>(css);
        if (found) return found;
      }
      return undefined;
    },
    allWithin(root, name) {
      for (const css of stylesOf(name)) {
        const found = root.querySelectorAll<HTMLElement>(css);
        if (found.length > 0) return [...found];
      }
      return [];
    },
    closest(element, name) {
      for (const css of stylesOf(name)) {
        const found = element.closest<HTMLElement>(css);
        if (found) return found;
      }
      return undefined;
    },
    is: (element, name) => stylesOf(name).some((css) => element.matches(css)),
    alternateOf(name, value = '') {
      const index = table[name].findIndex((locator) => matches(locator, value).length > 0);
      return index === -1 ? undefined : index;
    },
    nameOf,
    textOf,
    isVisible,
    isDisabled,
    valueOf(field) {
      if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
        return field.value;
      }
      return isEditable(field) ? field.innerText.replace(/\n$/, '') : undefined;
    },
    isOn: (element) =>
      element instanceof HTMLInputElement
        ? element.checked
        : element?.getAttribute('aria-checked') === 'true' ||
          element?.getAttribute('aria-pressed') === 'true',
    fill(field, value) {
      field.focus({ preventScroll: true });
      if (isEditable(field)) setText(field, value);
      else setValue(field, value);
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
    },
    press(element, key) {
      const keyCode = key === 'Enter' ? 13 : 27; // Angular Material reads the old property
      const options = { key, code: key, keyCode, bubbles: true, cancelable: true };
      element.dispatchEvent(new KeyboardEvent('keydown', options));
      element.dispatchEvent(new KeyboardEvent('keyup', options));
    },
    until(check, timeoutMs) {
      return new Promise((resolve, reject) => {
        const settle = (act: () => void): void => {
          observer.disconnect();
          clearInterval(poll);
          clearTimeout(timer);
          giveUps.delete(giveUp);
          act();
        };
        const look = (): void => {
          try {
            const value = check();
            if (value) settle(() => resolve(value));
          } catch (error) {
            settle(() => reject(error));
          }
        };
        const giveUp = (): void => settle(() => reject(new Error('cancelled')));
        const observer = new MutationObserver(look);
        const poll = setInterval(look, POLL_MS);
        const timer = setTimeout(() => settle(() => resolve(undefined)), timeoutMs);
        giveUps.add(giveUp);
        observer.observe(document, {
          subtree: true,
          childList: true,
          attributes: true,
          characterData: true,
        });
        if (isCancelled) giveUp();
        else look();
      });
    },
    isQuiet(quietMs) {
      if (document.readyState !== 'complete') return false;
      if (performance.now() - changedAt < quietMs) return false;
      const controls = [...document.querySelectorAll(CONTROLS)];
      return controls.filter(isVisible).length >= MIN_CONTROLS;
    },
    cancel() {
      isCancelled = true;
      for (const giveUp of giveUps) giveUp();
    },
    resume() {
      isCancelled = false;
    },
  };
}
