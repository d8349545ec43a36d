/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { type Drift } from './drift.ts';

/** What an element may contain. */
export type Child = Node | string | null | undefined | false;

/** Attributes, and listeners as `onClick`, `onInput`, … */
export type Properties = Readonly<
  Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>
>;

/** The tag a selector-like mark begins with. */
type TagOf<M extends string> = M extends `${infer A}[${string}`
  ? TagOf<A>
  : M extends `${infer A}.${string}`
    ? TagOf<A>
    : M extends `${infer A}#${string}`
      ? TagOf<A>
      : M;

type ElementOf<M extends string> =
  TagOf<M> extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[TagOf<M>] : HTMLElement;

let drift: Drift | undefined;

/** Has everything that is made from now on drift. */
export function setDrift(started: Drift): void {
  drift = started;
}

const MARK_PIECES = /^[\w-]+|#[\w-]+|\.[\w-]+|\[([\w-]+)(?:="([^"]*)")?\]/g;

/**
 * Makes an element from a mark, which reads like the selector that finds it:
 * `h('button.fancy[aria-label="Close"]', { onClick }, 'x')`.
 */
export function h<M extends string>(
  mark: M,
  properties: Properties = {},
  ...children: (Child | readonly Child[])[]
): ElementOf<M> {
  const [tag = 'div', ...pieces] = [...mark.matchAll(MARK_PIECES)].map(([piece]) => piece);
  const element = drift?.create(tag, mark, properties) ?? document.createElement(tag);
  for (const piece of pieces) {
    const [, name, value = ''] = /^\[([\w-]+)(?:="([^"]*)")?\]$/.exec(piece) ?? [];
    if (name) setAttribute(element, name, value);
    else if (piece.startsWith('.')) element.classList.add(piece.slice(1));
    else setAttribute(element, 'id', piece.slice(1));
  }
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2).toLowerCase(), value);
    else setAttribute(element, name, value);
  }
  const present = children.flat().filter(isPresent);
  element.append(...(drift?.children(element, present) ?? present));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- createElement was given exactly this tag
  return element as ElementOf<M>;
}

/** Sets an attribute; `true` is the empty string, null, undefined and false remove it. */
export function setAttribute(
  element: Element,
  name: string,
  value: string | number | boolean | null | undefined,
): void {
  if (value === null || value === undefined || value === false) {
    for (const each of [name, drift?.attribute(element, name, '')?.[0]])
      if (each !== undefined) element.removeAttribute(each);
    return;
  }
  const text = value === true ? '' : String(value);
  const shown = drift ? drift.attribute(element, name, text) : ([name, text] as const);
  if (shown) element.setAttribute(...shown);
}

/** Replaces what an element contains. */
export function fill(element: Element, ...children: Child[]): void {
  const present = children.filter(isPresent);
  element.replaceChildren(...(drift?.children(element, present) ?? present));
}

/** A text box made from a mark whose tag is not known when this is written. */
export function field(
  mark: string,
  properties: Properties = {},
): HTMLInputElement | HTMLTextAreaElement {
  const element: HTMLElement = h(mark, properties);
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return element;
  throw new TypeError(`${mark} is no text box`);
}

/** A button made from a mark whose tag is not known when this is written. */
export function button(
  mark: string,
  properties: Properties = {},
  ...children: Child[]
): HTMLButtonElement {
  const element: HTMLElement = h(mark, properties, ...children);
  if (element instanceof HTMLButtonElement) return element;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a page that drifts has other controls with the same members
  if ('disabled' in element && 'type' in element) return element as HTMLButtonElement;
  throw new TypeError(`${mark} is no button`);
}

/** Resolves after `ms`; rejects with the signal's reason when that aborts first. */
export async function delay(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  if (ms <= 0) return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

function isPresent(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false;
}
