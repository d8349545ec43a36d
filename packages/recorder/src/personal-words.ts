import { type PageNode } from './page-tree.ts';
import { matches, type Place } from './places.ts';
import { isOwnLabel } from './vocabulary.ts';

/** Where the page shows who is signed in (page.md §1). */
const ACCOUNT: readonly Place[] = [
  { tag: 'ms-account-switcher' },
  { class: 'account-switcher-container' },
  { class: 'account-switcher-button' },
  { class: 'account-switcher-text' },
];
/** Shorter words are in too many others. */
const SHORTEST = 4;

/**
 * Words of the signed-in person's name and address, lower case: wherever one of them occurs in an
 * attribute, the whole value is a placeholder.
 */
export function personalWordsIn(root: PageNode): string[] {
  const words = new Set<string>();
  const take = (text: string): void => {
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
      if (word.length >= SHORTEST && !isOwnLabel(word)) words.add(word);
    }
  };
  const look = (node: PageNode, isInside: boolean): void => {
    const isAccount = isInside || matches(node, ACCOUNT);
    for (const [name, value] of node.attributes) {
      const isName = isAccount && /^(?:aria-label|title|alt)$/.test(name);
      if (isName || value.includes('@')) takeAddressOrAll(value, isName, take);
    }
    for (const child of [...node.children, ...(node.shadow ?? [])]) {
      if (typeof child !== 'string') look(child, isAccount);
      else if (isAccount || child.includes('@')) takeAddressOrAll(child, isAccount, take);
    }
  };
  look(root, false);
  return [...words];
}

/** Of a long text the address alone: the rest of it is not about the person. */
function takeAddressOrAll(text: string, isAccount: boolean, take: (text: string) => void): void {
  if (isAccount) return take(text);
  for (const [address] of text.matchAll(/[^\s@()<>"]+@[^\s@()<>"]+/g)) take(address);
}
