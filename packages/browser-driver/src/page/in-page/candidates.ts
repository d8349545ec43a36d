/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */
import { type ElementName, type Locator } from '../selectors.ts';
import { type Dom } from './dom.ts';

/** What can be said of an element by which to recognise it: role, name, place and neighbours. */
export interface Feature {
  readonly tag: string;
  /** Its ARIA role, else what it is without one. */
  readonly role: string;
  /** The accessible name, shortened; empty where it may hold personal data. */
  readonly label: string;
  /** The nearest heading or label. */
  readonly near: string;
  /** Names of classes and test attributes, and the word of an icon. */
  readonly marks: readonly string[];
  /** Its middle, as shares of the window. */
  readonly x: number;
  readonly y: number;
  /** Elements that were found, by how many steps up the page the two meet. */
  readonly distances: Readonly<Partial<Record<ElementName, number>>>;
  /** What it is known as. */
  readonly known: readonly ElementName[];
  /** Ways that find this element alone, best first. */
  readonly ways: readonly (string | Locator)[];
}

/** Makes a function that describes all that could be a control. Runs in the page: refers to nothing outside. */
export function createFeatures(dom: Dom, names: readonly ElementName[]): () => Feature[] {
  const INTERACTIVE =
    'button, a[href], input, textarea, select, mat-select, [role], [contenteditable="true"]';
  /** More than a page has that matter. */
  const MAX = 500;
  /** How far up two elements may meet and still be neighbours. */
  const MAX_STEPS = 8;
  const ICONS = '.material-symbols-outlined, mat-icon, .material-icons';
  /** Classes of frameworks say what a thing is made of, not what it is. */
  const GENERATED = /^(ng-|_ng|mat-|mdc-|cdk-|mat$|ms-button|notranslate|material)|\d/;

  const roleOf = (element: Element): string => {
    const role = element.getAttribute('role');
    if (role) return role;
    if (element instanceof HTMLInputElement) return `input:${element.type}`;
    return element.localName;
  };

  /** Addresses and long texts may be a person's own. */
  const plain = (text: string): string => {
    const short = text.replace(/\s+/g, ' ').trim();
    return short.length > 80 || /@/.test(short) ? '' : short;
  };

  const labelOf = (element: Element): string =>
    element.localName.includes('-') ? '' : plain(dom.nameOf(element));

  const nearOf = (element: Element): string => {
    let parent = element.parentElement;
    for (let level = 0; parent && level < 5; level++, parent = parent.parentElement) {
      const title = parent.querySelector('h1, h2, h3, h4, label, .title, .label');
      if (title && !element.contains(title)) return plain(dom.textOf(title));
    }
    return '';
  };

  const classesOf = (element: Element): string[] =>
    [...element.classList].filter((name) => !GENERATED.test(name));

  const testMarks = (element: Element): [string, string][] =>
    element
      .getAttributeNames()
      .filter((name) => /^(data-test|iconname$|formcontrolname$)/.test(name))
      .map((name) => [name, element.getAttribute(name) ?? '']);

  const quote = (value: string): string => value.replace(/["\\]/g, '\\$&');

  const isAlone = (way: string | Locator, element: Element): boolean => {
    const css = typeof way === 'string' ? way : way.css;
    const shown = [...document.querySelectorAll(css)].filter((found) => dom.isVisible(found));
    if (typeof way === 'string' || way.name === undefined) {
      return shown.length === 1 && shown[0] === element;
    }
    const pattern = new RegExp(way.name, 'i');
    const named = shown.filter((found) => pattern.test(dom.nameOf(found)));
    return named.length === 1 && named[0] === element;
  };

  const waysTo = (element: Element): (string | Locator)[] => {
    const tag = element.localName;
    let owner = element.parentElement;
    while (owner && !owner.localName.includes('-')) owner = owner.parentElement;
    const label = labelOf(element);
    const isSimple = /^[\p{L}\p{M} ,'’()-]{2,60}$/u.test(label);
    const own = [
      ...testMarks(element).map(([name, value]) =>
        value === '' ? `${tag}[${name}]` : `${tag}[${name}="${quote(value)}"]`,
      ),
      ...(isSimple && element.hasAttribute('aria-label')
        ? [`${tag}[aria-label="${quote(element.getAttribute('aria-label') ?? '')}"]`]
        : []),
      ...classesOf(element).map((name) => `${tag}.${CSS.escape(name)}`),
      ...(tag.includes('-') ? [tag] : []),
    ];
    const role = element.getAttribute('role');
    const bare = role ? `${tag}[role="${role}"]` : tag;
    const inside = owner ? [...own, bare].map((css) => `${owner.localName} ${css}`) : [];
    const named = isSimple
      ? [{ css: bare, name: `^${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}` }]
      : [];
    return [...own, ...inside, ...named].filter((way) => isAlone(way, element)).slice(0, 3);
  };

  const steps = (one: Element, other: Element): number | undefined => {
    let parent: Element | null = one;
    for (let step = 0; parent && step <= MAX_STEPS; step++, parent = parent.parentElement) {
      if (parent.contains(other)) return step;
    }
    return undefined;
  };

  return () => {
    const found = names.flatMap((name) => {
      const element = dom.find(name);
      return element ? [{ name, element }] : [];
    });
    const all = [...document.body.querySelectorAll('*')].filter(
      (element) =>
        dom.isVisible(element) &&
        (element.matches(INTERACTIVE) ||
          element.localName.includes('-') ||
          testMarks(element).length > 0),
    );
    return all.slice(0, MAX).map((element) => {
      const box = element.getBoundingClientRect();
      const near = found.map(({ name, element: other }) => [name, steps(element, other)] as const);
      const icon = element.querySelector(ICONS)?.textContent?.trim() ?? '';
      return {
        tag: element.localName,
        role: roleOf(element),
        label: labelOf(element),
        near: nearOf(element),
        marks: [...classesOf(element), ...testMarks(element).flat(), icon].filter(Boolean),
        x: (box.left + box.width / 2) / window.innerWidth,
        y: (box.top + box.height / 2) / window.innerHeight,
        distances: Object.fromEntries(near.filter(([, distance]) => distance !== undefined)),
        known: found.filter((one) => one.element === element).map(({ name }) => name),
        ways: waysTo(element),
      };
    });
  };
}
