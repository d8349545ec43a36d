/// <reference lib="dom" />
import { type Dom } from './dom.ts';

/** What the page shows of its system instructions while their editor is closed (page.md §6.2). */
export interface SystemCard {
  /** Whether there are any; undefined: the page shows neither the card nor the field. */
  hasText(): boolean | undefined;
  /** Says that this text was entered in the editor, and is there. */
  entered(text: string): void;
}

/** Makes a {@link SystemCard}. Runs in the page: refers to nothing outside itself. */
export function createSystemCard(dom: Dom): SystemCard {
  /** What the card showed when we had emptied the editor: its words may be any, in any language. */
  let emptyLook: string | undefined;

  const look = (): string | undefined => {
    const card = dom.find('systemCard');
    return card && dom.textOf(card).trim();
  };

  return {
    hasText() {
      const inline = dom.valueOf(dom.find('systemInput'));
      if (inline !== undefined) return inline !== '';
      const shown = look();
      if (shown === undefined) return undefined;
      const text = shown.replace(/^system instructions/i, '').trim();
      return text !== '' && !/^optional tone/i.test(text) && shown !== emptyLook;
    },
    entered(text) {
      if (text === '') emptyLook = look();
      else if (look() === emptyLook) emptyLook = undefined; // the card was late when we emptied it
    },
  };
}
