/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */

/** What elements of the page are called: by their own texts, by labels beside them, by their icon. */
export interface Naming {
  /** The accessible name, roughly as assistive technology would say it. */
  readonly nameOf: (element: Element) => string;
  /** The text a person sees, without the words that icon fonts are made of. */
  readonly textOf: (element: Element) => string;
  /** True when what labels the control matches; `css`: what finds controls of its kind. */
  readonly isNear: (element: Element, pattern: RegExp, css: string) => boolean;
  /** The word that the font of icons makes a picture of (page.md §0); empty: there is none. */
  readonly iconOf: (element: Element) => string;
}

/** Makes {@link Naming}. Runs in the page: refers to nothing outside itself. */
export function createNaming(): Naming {
  const ICONS =
    '.material-symbols-outlined, mat-icon, .material-icons, [class*="material-symbols"]';
  /** With more parts than this an element is content, whose words are its own. */
  const MAX_PARTS = 200;
  /** What the fonts of icons make of their words (page.md §0): two words or more, joined so. */
  const LIGATURE = /^[a-z]+\d?(_[a-z0-9]+)+$/;
  const CONTROLS =
    'button, [role="button"], a[href], input, textarea, select, mat-select, [role="switch"], [role="checkbox"], [role="combobox"], [role="spinbutton"], [role="slider"], [role="textbox"]';
  /** How far up the label of a control can stand. */
  const MAX_LEVELS = 6;
  /** A control has a title, at most a description and a value beside it. */
  const MAX_LABELS = 3;

  const iconsIn = (element: Element): Element[] => {
    const parts = [...element.querySelectorAll('*')];
    const isContent = parts.length > MAX_PARTS;
    return parts.filter(
      (inner) =>
        inner.matches(ICONS) ||
        (!isContent &&
          inner.childElementCount === 0 &&
          LIGATURE.test((inner.textContent ?? '').trim())),
    );
  };

  const textOf = (element: Element): string => {
    if (element.childElementCount === 0 || iconsIn(element).length === 0)
      return (element.textContent ?? '').trim();
    const copy = document.importNode(element, true);
    for (const icon of iconsIn(copy)) icon.remove();
    return (copy.textContent ?? '').trim();
  };

  const nameOf = (element: Element): string => {
    const said = element.getAttribute('aria-label');
    if (said) return said.trim();
    const ids = element.getAttribute('aria-labelledby')?.split(/\s+/) ?? [];
    const labelled = ids.flatMap((id) => document.getElementById(id) ?? []).map(textOf);
    if (labelled.length > 0) return labelled.join(' ');
    const isField = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
    const label = isField ? element.labels?.[0] : undefined;
    if (label) return textOf(label);
    const written = textOf(element) || element.getAttribute('placeholder');
    if (written) return written;
    const described = element.getAttribute('aria-describedby')?.split(/\s+/) ?? [];
    const tooltip = described.flatMap((id) => document.getElementById(id) ?? []).map(textOf);
    return element.getAttribute('title') ?? tooltip.join(' ');
  };

  /** Texts inside `parent`, in their order: of labels beside controls, not of controls. */
  const labelsIn = (parent: Element): { text: string; of: Element }[] => {
    const walker = document.createTreeWalker(parent, NodeFilter.SHOW_TEXT);
    const found: { text: string; of: Element }[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const of = node.parentElement;
      const text = (node.textContent ?? '').trim();
      if (!of || text === '' || text.length > 60 || LIGATURE.test(text)) continue;
      if (!of.closest(CONTROLS) && !of.matches(ICONS)) found.push({ text, of });
    }
    return found;
  };

  const isBefore = (one: Element, other: Element): boolean =>
    (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;

  /**
   * True when what labels the control matches: the closest heading or label above or beside it, else
   * the texts beside it, up to the controls before and after it.
   */
  const isNear = (element: Element, pattern: RegExp, css: string): boolean => {
    let parent = element.parentElement;
    for (let level = 0; parent && level < MAX_LEVELS; level++, parent = parent.parentElement) {
      const titles = [...parent.querySelectorAll('h1,h2,h3,h4,h5,h6,label,.title,p')];
      const said = titles.map(textOf).filter(Boolean);
      const others = [...parent.querySelectorAll(css)].filter(
        (other) => other !== element && !other.contains(element) && !element.contains(other),
      );
      if (others.length === 0) {
        const labels = said.length > 0 ? said : labelsIn(parent).map(({ text }) => text);
        if (labels.length > MAX_LABELS) return false; // of other controls, of whatever kind
        if (labels.some((label) => pattern.test(label))) return true;
        if (said.length > 0) return false;
        continue;
      }
      // Several of its kind: what labels this one stands after the one before it.
      const before = others.findLast((other) => isBefore(other, element));
      return labelsIn(parent).some(
        ({ text, of }) =>
          pattern.test(text) && isBefore(of, element) && (!before || isBefore(before, of)),
      );
    }
    return false;
  };

  /** The word that the font of icons makes a picture of; an attribute has it where the page says so. */
  const iconOf = (element: Element): string =>
    element.getAttribute('iconname') ??
    [element, ...iconsIn(element)].map((icon) => (icon.textContent ?? '').trim()).find(Boolean) ??
    '';

  return { nameOf, textOf, isNear, iconOf };
}
