import { isCode, isKeptNumber } from './code-words.ts';
import { type PageNode } from './page-tree.ts';
import { personalWordsIn } from './personal-words.ts';
import { type Placeholders } from './placeholders.ts';
import { matches, type Place } from './places.ts';
import { redactString } from './redact-body.ts';
import { isOwnLabel } from './vocabulary.ts';

/** Where every text is a person's or the model's, whatever its words (page.md §3–§8). */
const PERSONAL: readonly Place[] = [
  { tag: 'textarea' },
  { attribute: 'contenteditable' },
  { tag: 'ms-chat-turn' },
  { attribute: 'data-turn-role' },
  { tag: 'mat-chip-row' },
  { tag: 'mat-chip' },
  { class: 'mat-mdc-chip' },
  { class: 'system-instructions-card' },
  { attribute: 'data-test-system-instructions-card' },
  { tag: 'ms-account-switcher' },
  { class: 'account-switcher-container' },
  { class: 'account-switcher-button' },
  { class: 'account-switcher-text' },
  { class: 'page-title' },
  { class: 'mode-title' },
  { tag: 'ms-prompt-media' },
  { class: 'prompt-media-item-container' },
  { class: 'multi-media-row' },
];
/** Controls inside such a place whose own words are the page's. */
const CONTROLS: readonly Place[] = [{ tag: 'button' }, { attribute: 'role', value: 'menuitem' }];
/** Controls that hold a person's words all the same. */
const PERSONAL_CONTROLS: readonly Place[] = [
  { class: 'account-switcher-button' },
  { class: 'system-instructions-card' },
  { attribute: 'data-test-system-instructions-card' },
];

/** Attributes whose values are for people. */
const LABELS =
  /^(?:aria-label|aria-description|aria-roledescription|aria-valuetext|aria-placeholder|title|alt|placeholder|label|mattooltip|dialoglabel|data-placeholder)$/;
/** Attributes whose values are code. All others are left out. */
const KEPT =
  /^(?:class|id|role|type|name|for|disabled|hidden|inert|tabindex|aria-[a-z]+|data-test[a-z-]*|data-turn-role|data-disabled|data-value|data-mat-[a-z-]*|formcontrolname|min|max|step|rows|iconname|mat-[a-z-]+|ms-[a-z-]+|variant|dir|lang|href|popover|open|multiple|required|readonly|contenteditable|slot)$/;
const NO_END = new Set([
  'br',
  'hr',
  'img',
  'input',
  'wbr',
  'area',
  'col',
  'embed',
  'source',
  'track',
]);
/** The page's own parts of its document titles; the rest of one is a chat's title. */
const TITLE_PARTS =
  /^(?:Google AI Studio|Playground|Untitled prompt|New chat|Chat|AI Studio|403\.? ?(?:Forbidden)?)$/;

/** The attribute that says how an element was shown. */
export const SHOWN_ATTRIBUTE = 'data-recorded';

/**
 * The HTML of a page in which every text, value and name that is not the page's own is a
 * placeholder. No script, style, comment, address or unknown attribute is in it.
 */
export function redactPage(root: PageNode, placeholders: Placeholders): string {
  return new PageRedaction(placeholders, personalWordsIn(root)).element(root, false);
}

/** A document's title: its chat's name is a placeholder. */
export function redactTitle(title: string, placeholders: Placeholders): string {
  return title
    .split(/( \| | - )/)
    .map((part) => (part.trim() === '' || TITLE_PARTS.test(part) ? part : placeholders.text(part)))
    .join('');
}

/** An address without its query: parts that may be ids are placeholders. */
export function redactPath(path: string, placeholders: Placeholders): string {
  return path
    .replace(/[?#].*$/s, '')
    .split('/')
    .map((part) => (part === '' || isCode(part) ? part : placeholders.text(part)))
    .join('/');
}

class PageRedaction {
  readonly #placeholders: Placeholders;
  readonly #personal: readonly string[];

  constructor(placeholders: Placeholders, personal: readonly string[]) {
    this.#placeholders = placeholders;
    this.#personal = personal;
  }

  element(node: PageNode, isInside: boolean): string {
    const isControl = matches(node, CONTROLS) && !matches(node, PERSONAL_CONTROLS);
    const isPersonal = (isInside || matches(node, PERSONAL) || isChatLink(node)) && !isControl;
    const tag = /^[a-z][a-z0-9-]*$/.test(node.tag) ? node.tag : 'unknown';
    const start = `<${tag}${this.#attributes(node, isPersonal)}>`;
    if (NO_END.has(tag)) return start;
    if (tag === 'svg') return `${start}</svg>`;
    const shadow = node.shadow
      ? `<template shadowrootmode="open">${this.#children(node.shadow, node, isPersonal)}</template>`
      : '';
    const inside =
      tag === 'textarea'
        ? escape(this.#text(node.value ?? '', true))
        : this.#children(node.children, node, isPersonal);
    return `${start}${shadow}${inside}</${tag}>`;
  }

  #children(children: PageNode['children'], { tag }: PageNode, isPersonal: boolean): string {
    return children
      .map((child) => {
        if (typeof child !== 'string') return this.element(child, isPersonal);
        return escape(
          tag === 'title' ? redactTitle(child, this.#placeholders) : this.#text(child, isPersonal),
        );
      })
      .join('');
  }

  #text(text: string, isPersonal: boolean): string {
    if (text.trim() === '') return text;
    return !isPersonal && isOwnLabel(text) ? text : redactString(text, this.#placeholders);
  }

  #attributes(node: PageNode, isPersonal: boolean): string {
    const pairs = node.attributes.flatMap(([name, value]) => {
      const kept = this.#attribute(name, value, isPersonal);
      return kept === undefined ? [] : [`${name}="${escape(kept)}"`];
    });
    if (node.tag === 'input' && node.value !== undefined) {
      const isNumber = isKeptNumber(node.value);
      pairs.push(`value="${escape(isNumber ? node.value : this.#text(node.value, true))}"`);
    }
    if (node.checked) pairs.push('checked=""');
    if (node.shown) pairs.push(`${SHOWN_ATTRIBUTE}="${node.shown}"`);
    return pairs.map((pair) => ` ${pair}`).join('');
  }

  #attribute(name: string, value: string, isPersonal: boolean): string | undefined {
    if (LABELS.test(name)) return this.#text(value, isPersonal && name !== 'aria-label');
    if (!KEPT.test(name)) return undefined;
    if (name === 'href') return redactHref(value, this.#placeholders);
    return value
      .split(/(\s+)/)
      .map((part) => (part.trim() === '' ? part : this.#code(part)))
      .join('');
  }

  /** A class, an id or another name in code: parts that may be personal are placeholders. */
  #code(value: string): string {
    const isSaying = this.#personal.some((word) => value.toLowerCase().includes(word));
    return value
      .split(/([/:])/)
      .map((part) => (!isSaying && isCode(part) ? part : this.#placeholders.text(part)))
      .join('');
  }
}

/** A link to a chat has its title as text. */
const isChatLink = ({ tag, attributes }: PageNode): boolean =>
  tag === 'a' &&
  attributes.some(
    ([name, value]) =>
      name === 'href' && /\/prompts\/|\/drive\//.test(value) && !/new_\w+$/.test(value),
  );

/** A path of AI Studio's own stays in its shape; of another address nothing does. */
function redactHref(value: string, placeholders: Placeholders): string {
  return /^\/(?!\/)/.test(value) ? redactPath(value, placeholders) : '';
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
