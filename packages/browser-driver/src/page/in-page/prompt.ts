/// <reference lib="dom" />
import { type Dom } from './dom.ts';

/** The prompt box (page.md §4). */
export interface Prompt {
  isThere(): boolean;
  isEmpty(): boolean;
  /** Puts the whole text in, in one step, where it does not stand there already. */
  set(text: string): void;
  /** SHA-256 (hex) of what the page holds. Undefined: there is no prompt box. */
  digest(): Promise<string | undefined>;
  /** Makes it the element that keys go to; false where there is none. */
  focus(): boolean;
}

/** Makes a {@link Prompt}. Runs in the page: refers to nothing outside itself. */
export function createPrompt(dom: Dom): Prompt {
  const input = (): HTMLElement | undefined => {
    const found = dom.find('promptInput');
    return dom.valueOf(found) === undefined ? undefined : found;
  };

  return {
    isThere: () => input() !== undefined,
    isEmpty: () => (dom.valueOf(input()) ?? '') === '',
    set(text) {
      const field = input();
      if (field && dom.valueOf(field) !== text) dom.fill(field, text);
    },
    async digest() {
      const field = input();
      if (!field) return undefined;
      const held = new TextEncoder().encode(dom.valueOf(field));
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', held));
      return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    },
    focus() {
      const field = input();
      field?.focus({ preventScroll: true });
      return field !== undefined && document.activeElement === field;
    },
  };
}
