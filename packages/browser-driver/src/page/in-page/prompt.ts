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
  const input = (): HTMLTextAreaElement | undefined => {
    const found = dom.find('promptInput');
    return found instanceof HTMLTextAreaElement ? found : undefined;
  };

  return {
    isThere: () => input() !== undefined,
    isEmpty: () => (input()?.value ?? '') === '',
    set(text) {
      const field = input();
      if (field && field.value !== text) dom.fill(field, text);
    },
    async digest() {
      const field = input();
      if (!field) return undefined;
      const held = new TextEncoder().encode(field.value);
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
