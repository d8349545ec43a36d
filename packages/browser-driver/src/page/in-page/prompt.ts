/// <reference lib="dom" />
import { type Dom } from './dom.ts';

/** The prompt box (page.md §4). */
export interface Prompt {
  isThere(): boolean;
  isEmpty(): boolean;
  /**
   * Puts the whole text in, in one step, and gives the SHA-256 (hex) of what the page then holds.
   * Undefined: there is no prompt box.
   */
  set(text: string): Promise<string | undefined>;
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
    async set(text) {
      const field = input();
      if (!field) return undefined;
      if (field.value !== text) dom.fill(field, text);
      const held = new TextEncoder().encode((input() ?? field).value);
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', held));
      return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    },
  };
}
