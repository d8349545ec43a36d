/// <reference lib="dom" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */
import { type Dom } from './dom.ts';

/** What the page is, as far as a chat can be started on it (page.md §2). */
export interface Readiness {
  readonly hasPrompt: boolean;
  /** Whether the page says which model it would ask. */
  readonly hasModel: boolean;
  /** Something covers the page. */
  readonly isCovered: boolean;
}

/** The chat itself: its turns, and starting a new one (page.md §5, §8). */
export interface Chat {
  readiness(): Readiness;
  /** Waits until the page is ready for a chat, or covered; gives its state then. */
  untilReady(timeoutMs: number): Promise<Readiness>;
  /** Number of user turns and of model turns on the page. */
  turns(): { user: number; model: number };
  /** Starts an empty chat, discarding the present one. False when it is not empty in time. */
  startNew(timeoutMs: number): Promise<boolean>;
  /** Makes the chat a temporary one where the page offers it; false where it does not. */
  makeTemporary(timeoutMs: number): Promise<boolean>;
}

/** Makes a {@link Chat}. Runs in the page: refers to nothing outside itself. */
export function createChat(dom: Dom): Chat {
  const readiness = (): Readiness => ({
    hasPrompt: dom.find('promptInput') !== undefined,
    hasModel: [dom.find('modelName'), dom.find('modelTitle')].some(
      (shown) => shown !== undefined && dom.textOf(shown) !== '',
    ),
    isCovered: dom.find('backdrop') !== undefined,
  });

  const turns = (): { user: number; model: number } => ({
    user: dom.findAll('userTurn').filter((turn) => dom.textOf(turn) !== '').length,
    model: dom.findAll('modelTurn').length,
  });

  const isEmpty = (): boolean => {
    const { user, model } = turns();
    const input = dom.find('promptInput');
    return (
      user === 0 &&
      model === 0 &&
      input instanceof HTMLTextAreaElement &&
      !dom.find('discardConfirm')
    );
  };

  const isTemporary = (): boolean =>
    dom.find('temporaryChatMark') !== undefined || isOn(dom.find('temporaryChat'));

  const isOn = (element: HTMLElement | undefined): boolean =>
    element?.getAttribute('aria-pressed') === 'true' ||
    element?.getAttribute('aria-checked') === 'true';

  return {
    readiness,
    async untilReady(timeoutMs) {
      let isPanelAsked = false;
      await dom.until(() => {
        const { hasPrompt, hasModel, isCovered } = readiness();
        if (hasPrompt && !hasModel && !isCovered && !isPanelAsked && !dom.find('runSettings')) {
          dom.find('openRunSettings')?.click(); // the newest page names its model only there
          isPanelAsked = true;
        }
        return isCovered || (hasPrompt && hasModel);
      }, timeoutMs);
      return readiness();
    },
    turns,
    async startNew(timeoutMs) {
      const button = dom.find('newChat');
      if (button && !dom.isDisabled(button)) {
        button.click();
        // The question whether to discard comes only when there is something to lose.
        const answered = new WeakSet<Element>();
        await dom.until(() => {
          const discard = dom.find('discardConfirm');
          if (discard && !answered.has(discard)) {
            answered.add(discard);
            discard.click();
          }
          return isEmpty();
        }, timeoutMs);
      }
      const input = dom.find('promptInput');
      if (input instanceof HTMLTextAreaElement && input.value !== '') dom.fill(input, '');
      for (const remove of dom.findAll('removeMedia')) remove.click();
      await dom.until(() => !dom.find('removeMedia'), timeoutMs);
      return isEmpty() && !dom.find('removeMedia');
    },
    async makeTemporary(timeoutMs) {
      if (isTemporary()) return true;
      const direct = dom.find('temporaryChat');
      if (direct && !dom.isDisabled(direct)) direct.click();
      else {
        const menu = dom.find('moreActions');
        if (!menu) return false;
        menu.click();
        const item = await dom.until(() => dom.find('temporaryChatItem'), timeoutMs);
        if (!item) {
          dom.press(document.body, 'Escape');
          return false;
        }
        if (!isTemporary()) item.click();
        if (dom.find('temporaryChatItem'))
          dom.press(document.activeElement ?? document.body, 'Escape');
      }
      return (await dom.until(isTemporary, timeoutMs)) === true;
    },
  };
}
