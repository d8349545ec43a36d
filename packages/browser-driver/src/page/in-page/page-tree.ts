/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { type PageNode, type Shown } from '@aistudio/recorder';

/**
 * The whole document as plain data: elements, attributes, texts, what fields hold, open shadow
 * roots, and what is shown. Runs in the page: refers to nothing outside itself. What it gives is
 * anything but private, and must be redacted before it goes anywhere.
 */
export function collectPageTree(): PageNode {
  const SKIPPED = new Set(['script', 'style', 'link', 'meta', 'noscript', 'template', 'base']);
  const isShownBy = new Map<Element, boolean>();

  /** Whether the element or anything in it is painted. */
  const look = (element: Element): boolean => {
    let isShown = element.checkVisibility({ visibilityProperty: true });
    for (const child of [...element.children, ...(element.shadowRoot?.children ?? [])]) {
      if (look(child)) isShown = true;
    }
    isShownBy.set(element, isShown);
    return isShown;
  };

  const shownOf = (element: Element, around: Shown | undefined): Shown | undefined => {
    if (around === 'none') return undefined;
    if (!isShownBy.get(element)) return 'none';
    if (!element.checkVisibility({ visibilityProperty: true })) {
      return getComputedStyle(element).display === 'contents' ? 'contents' : 'hidden';
    }
    return around === 'hidden' ? 'visible' : undefined;
  };

  const nodesOf = (parent: ParentNode & Node, around: Shown | undefined): (PageNode | string)[] =>
    [...parent.childNodes].flatMap((child): (PageNode | string)[] => {
      if (child instanceof Text) return child.data === '' ? [] : [child.data];
      if (!(child instanceof Element) || SKIPPED.has(child.localName)) return [];
      return [toNode(child, around)];
    });

  const toNode = (element: Element, around: Shown | undefined): PageNode => {
    const shown = shownOf(element, around);
    // `none` holds for all that is inside; what is `hidden` or not again can change further down.
    const inside = shown === 'visible' ? undefined : (shown ?? around);
    const isField = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
    return {
      tag: element.localName,
      attributes: [...element.attributes].map(({ name, value }) => [name, value] as const),
      children: element.localName === 'svg' ? [] : nodesOf(element, inside),
      ...(element.shadowRoot ? { shadow: nodesOf(element.shadowRoot, inside) } : {}),
      ...(isField ? { value: element.value } : {}),
      ...(element instanceof HTMLInputElement && element.checked ? { checked: true } : {}),
      ...(shown ? { shown } : {}),
    };
  };

  look(document.body);
  const { attributes } = document.documentElement;
  return {
    tag: 'html',
    attributes: [...attributes].map(({ name, value }) => [name, value] as const),
    children: [
      {
        tag: 'head',
        attributes: [],
        children: [{ tag: 'title', attributes: [], children: [document.title] }],
      },
      toNode(document.body, undefined),
    ],
  };
}
