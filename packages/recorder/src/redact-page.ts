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

/** Places whose words are the page's even while a chat is shown. */
const MESSAGES: readonly Place[] = [
  { tag: 'button' },
  { tag: 'label' },
  { tag: 'mat-option' },
  { tag: 'mat-dialog-container' },
  { tag: 'mat-snack-bar-container' },
  { tag: 'ms-callout' },
  { tag: 'ms-toast' },
  { tag: 'ms-prompt-feedback' },
  { class: 'cdk-overlay-container' },
  ...['button', 'menuitem', 'option', 'tab', 'switch', 'dialog', 'alert', 'status'].map(
    (value) => ({
      attribute: 'role',
      value,
    }),
  ),
];

/** Where a text is the name of a picture (page.md §0). */
const ICONS: readonly Place[] = [
  { class: 'material-symbols-outlined' },
  { class: 'material-icons' },
  { tag: 'mat-icon' },
];
const ICON_NAME = /^\s*[a-z]{2,20}(?:_[a-z0-9]{1,20}){0,4}\s*$/;

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

/** What the page said so far, so that what is new with an answer is not taken for the page's own. */
export interface PageWords {
  /** Texts that were kept; each page adds its own. */
  readonly seen: Set<string>;
  /**
   * Whether there may be a prompt or an answer on the page. Then a text outside controls, dialogs and
   * messages is kept only if it was seen before, even if all its words are the page's.
   */
  readonly isInChat: boolean;
}

/**
 * The HTML of a page in which every text, value and name that is not the page's own is a
 * placeholder. No script, style, comment, address or unknown attribute is in it.
 */
export function redactPage(
  root: PageNode,
  placeholders: Placeholders,
  words: PageWords = { seen: new Set(), isInChat: false },
): string {
  const redaction = new PageRedaction(placeholders, personalWordsIn(root), words);
  return redaction.element(root, { isPersonal: false, isMessage: false });
}

/** A document's title: its chat's name is a placeholder. */
function redactTitle(title: string, placeholders: Placeholders): string {
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

/** What the elements around a text say of it. */
interface Around {
  readonly isPersonal: boolean;
  readonly isMessage: boolean;
}

class PageRedaction {
  readonly #placeholders: Placeholders;
  readonly #personal: readonly string[];
  readonly #words: PageWords;

  constructor(placeholders: Placeholders, personal: readonly string[], words: PageWords) {
    this.#placeholders = placeholders;
    this.#personal = personal;
    this.#words = words;
  }

  element(node: PageNode, around: Around): string {
    const isControl = matches(node, CONTROLS) && !matches(node, PERSONAL_CONTROLS);
    const isPersonal =
      (around.isPersonal || matches(node, PERSONAL) || isChatLink(node)) && !isControl;
    const isMessage = around.isMessage || matches(node, MESSAGES);
    const inside = { isPersonal, isMessage };
    const tag = /^[a-z][a-z0-9-]*$/.test(node.tag) ? node.tag : 'unknown';
    const start = `<${tag}${this.#attributes(node, isPersonal)}>`;
    if (NO_END.has(tag)) return start;
    if (tag === 'svg') return `${start}</svg>`;
    const shadow = node.shadow
      ? `<template shadowrootmode="open">${this.#children(node.shadow, node, inside)}</template>`
      : '';
    const content =
      tag === 'textarea'
        ? escape(this.#label(node.value ?? '', true))
        : this.#children(node.children, node, inside);
    return `${start}${shadow}${content}</${tag}>`;
  }

  #children(children: PageNode['children'], parent: PageNode, around: Around): string {
    const { tag } = parent;
    const isIcon = matches(parent, ICONS);
    return children
      .map((child) => {
        if (typeof child !== 'string') return this.element(child, around);
        if (isIcon && ICON_NAME.test(child)) return child;
        return escape(
          tag === 'title' ? redactTitle(child, this.#placeholders) : this.#text(child, around),
        );
      })
      .join('');
  }

  #text(text: string, { isPersonal, isMessage }: Around): string {
    const { seen, isInChat } = this.#words;
    const isNew = isInChat && !isMessage && !seen.has(text.trim());
    const result = this.#label(text, isPersonal || isNew);
    if (!isInChat && result === text) seen.add(text.trim());
    return result;
  }

  #label(text: string, isPersonal: boolean): string {
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
      pairs.push(`value="${escape(isNumber ? node.value : this.#label(node.value, true))}"`);
    }
    if (node.checked) pairs.push('checked=""');
    if (node.shown) pairs.push(`${SHOWN_ATTRIBUTE}="${node.shown}"`);
    return pairs.map((pair) => ` ${pair}`).join('');
  }

  #attribute(name: string, value: string, isPersonal: boolean): string | undefined {
    if (LABELS.test(name)) return this.#label(value, isPersonal && name !== 'aria-label');
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
