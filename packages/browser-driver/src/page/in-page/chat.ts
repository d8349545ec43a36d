/// <reference lib="dom" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */
import { type Dom } from './dom.ts';
import { type Ensure } from './ensure.ts';
import { type RunControl } from './run-control.ts';

/** What the page is, as far as a chat can be started on it (page.md §2). */
export interface Readiness {
  readonly hasPrompt: boolean;
  /** Whether the page says which model it would ask. */
  readonly hasModel: boolean;
  /** Something covers the page. */
  readonly isCovered: boolean;
  /** The page has come: what is missing does not come by waiting. */
  readonly isLoaded: boolean;
}

/** What the page was last used for. */
export interface LastPrompt {
  /** Some words of it in a row, which an empty chat does not show; empty: none are known. */
  readonly oldWords: string;
  /** Run has been pressed since the last new chat. */
  readonly wasRun: boolean;
  /** Nothing was ever asked in this tab: where no conversation is shown there is none. */
  readonly isFresh?: boolean;
}

/** The chat itself: its turns, and starting a new one (page.md §5, §8). */
export interface Chat {
  readiness(): Readiness;
  /** Waits until the page is ready for a chat, or covered; gives its state then. */
  untilReady(timeoutMs: number): Promise<Readiness>;
  /** Number of user turns and of model turns on the page. */
  turns(): { user: number; model: number };
  /**
   * Starts an empty chat, discarding the present one; `last`: what the page was used for before.
   * False when nothing shows that it is empty, or something shows that it is not.
   */
  startNew(timeoutMs: number, last?: LastPrompt): Promise<boolean>;
  /** Why `startNew` gave false the last time. */
  whyNotNew(): string;
  /** Makes the chat a temporary one where the page offers it; false where it does not. */
  makeTemporary(timeoutMs: number): Promise<boolean>;
  /**
   * Has the page show answers as their source (Raw Mode, page.md §5.1), where it offers that: such text
   * can be passed on while it is written. Once a document.
   */
  showSource(timeoutMs: number): Promise<void>;
}

/** Makes a {@link Chat}. Runs in the page: refers to nothing outside itself. */
export function createChat(dom: Dom, ensure: Ensure, run: Pick<RunControl, 'state'>): Chat {
  /** A page on which nothing came for this long has come, ms. */
  const QUIET_MS = 3000;
  /** The same, for what no prompt must have on a page with a prompt box, ms. */
  const RESTING_MS = 1500;
  /** Longest time for a mark to come back after the page has created it anew, ms. */
  const LATE_MS = 400;
  /** Longest wait for a positive sign on a page that has shown none before, ms. */
  const UNKNOWN_MS = 700;
  /** Longest time for a closed menu to be gone, ms. */
  const CLOSED_MS = 500;
  /** The page that is open has been seen empty without saying so. */
  let isSourceAsked = false;
  let isUnknownPage = false;
  let whyNot: string | undefined;
  /** The chat was temporary when a new one was started, and the page is known to keep that. */
  let wasTemporary = false;
  let keepsTemporary = true;
  /** There has been a switch for it. */
  let isOffered = true;
  /** The page has shown that a chat is temporary; where it never does, the switch is pressed once. */
  let hasShownMark = false;
  let wasPressedBlindly = false;

  const click = (element: HTMLElement): void => element.click();

  const readiness = (): Readiness => ({
    hasPrompt: dom.find('promptInput') !== undefined,
    hasModel: [dom.find('modelName'), dom.find('modelTitle')].some(
      (shown) => shown !== undefined && dom.textOf(shown) !== '',
    ),
    isCovered: dom.find('backdrop') !== undefined,
    isLoaded: dom.isQuiet(dom.find('promptInput') ? RESTING_MS : QUIET_MS),
  });

  const turns = (): { user: number; model: number } => ({
    user: dom.findAll('userTurn').filter((turn) => dom.textOf(turn) !== '').length,
    model: dom.findAll('modelTurn').length,
  });

  /** What shows that there is, or was a moment ago, a conversation. */
  const conversation = (): string | undefined => {
    const { user, model } = turns();
    if (user + model > 0) return 'the old turns stay';
    if (dom.valueOf(dom.find('promptInput')) === undefined) return 'there is no prompt box';
    return dom.find('discardConfirm') ? 'it asks whether to discard the old one' : undefined;
  };

  /**
   * The page says itself that the chat is empty: not finding turns proves nothing, since their
   * elements may have other names since the last release (page.md §8).
   */
  const isSurelyEmpty = (): boolean => {
    if (conversation() !== undefined) return false;
    if (dom.find('emptyChat')) return true;
    const button = dom.find('newChat');
    return button !== undefined && dom.isDisabled(button) && run.state() !== 'generating';
  };

  /** What an empty chat on a page that does not say so must show: independent signs together. */
  const doubts = ({ oldWords, isFresh }: LastPrompt, wasPressed: boolean): string | undefined => {
    const against = conversation();
    if (against !== undefined || isFresh === true) return against;
    const isShown = oldWords !== '' && (document.body.textContent ?? '').includes(oldWords);
    if (isShown) return 'the old prompt is still shown';
    if (oldWords !== '' && wasPressed) return undefined;
    const count = dom.find('tokenCount');
    if (!count) return 'nothing shows that the chat is empty';
    const [tokens = '0'] = /\d[\d.,]*/.exec(dom.textOf(count)) ?? [];
    return /[1-9]/.test(tokens) ? 'the page counts the tokens of a conversation' : undefined;
  };

  const isTemporary = (): boolean => {
    const isMarked =
      dom.find('temporaryChatMark') !== undefined || dom.isOn(dom.find('temporaryChat'));
    hasShownMark ||= isMarked;
    return isMarked;
  };

  /** Empties the prompt box and takes away what is attached. */
  const clearPrompt = async (timeoutMs: number): Promise<string | undefined> => {
    const box = (): HTMLElement | undefined => dom.find('promptInput');
    const full = await ensure({
      what: 'promptInput',
      isTrue: () => dom.valueOf(box()) === '',
      target: box,
      act: (field) => dom.fill(field, ''),
      timeoutMs,
      isRepeatable: true,
    });
    if (full) return 'the prompt box stays full';
    for (let left = dom.findAll('removeMedia').length; left > 0; left--) {
      const before = dom.findAll('removeMedia').length;
      await ensure({
        what: 'removeMedia',
        isTrue: () => dom.findAll('removeMedia').length < before || before === 0,
        target: () => dom.find('removeMedia'),
        act: click,
        timeoutMs,
      });
    }
    return dom.find('removeMedia') ? 'attached files stay' : undefined;
  };

  /**
   * Opens the toolbar's menu, presses this item unless `isDone` says that this is done, and closes
   * the menu. False: the page has no such item.
   */
  const pressInMenu = async (
    name: 'temporaryChatItem' | 'rawModeItem',
    isDone: (item: HTMLElement | undefined) => boolean,
    timeoutMs: number,
  ): Promise<boolean> => {
    const item = (): HTMLElement | undefined => dom.find(name);
    const failed = await ensure({
      what: name,
      isTrue: () => item() !== undefined,
      target: () => dom.find('moreActions'),
      act: click,
      timeoutMs,
    });
    if (failed) {
      if (dom.find('menu')) dom.press(document.activeElement ?? document.body, 'Escape');
      return false;
    }
    const isUsable = (): boolean => {
      const found = item();
      return isDone(found) || (found !== undefined && !dom.isDisabled(found));
    };
    await dom.until(isUsable, LATE_MS);
    if (!isDone(item())) item()?.click();
    if (!(await dom.until(() => !item(), CLOSED_MS))) {
      dom.press(document.activeElement ?? document.body, 'Escape');
    }
    return true;
  };

  return {
    readiness,
    async untilReady(timeoutMs) {
      let isPanelAsked = false;
      await dom.until(() => {
        const { hasPrompt, hasModel, isCovered } = readiness();
        if (!isCovered && dom.isQuiet(hasPrompt ? RESTING_MS : QUIET_MS)) return true;
        if (hasPrompt && !hasModel && !isCovered && !isPanelAsked && !dom.find('runSettings')) {
          const button = dom.find('openRunSettings'); // the page may name its model only there
          button?.click();
          isPanelAsked = button !== undefined;
        }
        return isCovered || (hasPrompt && hasModel);
      }, timeoutMs);
      return readiness();
    },
    turns,
    async startNew(timeoutMs, last = { oldWords: '', wasRun: false }) {
      const { wasRun } = last;
      wasTemporary = isTemporary();
      // The question whether to discard comes only when there is something to lose.
      const answered = new WeakSet<Element>();
      const since = performance.now();
      let wasPressed = false;
      const answer = (): void => {
        const discard = dom.find('discardConfirm');
        if (!discard || answered.has(discard)) return;
        answered.add(discard);
        discard.click();
      };
      const failed = await ensure({
        what: 'newChat',
        isTrue() {
          answer();
          // The turns of a prompt that has just been sent may come after all else.
          const isSettled = !wasRun || wasPressed || performance.now() - since > LATE_MS;
          return isSettled && isSurelyEmpty();
        },
        target: () => dom.find('newChat'),
        act(button) {
          wasPressed = true;
          button.click();
        },
        timeoutMs: isUnknownPage ? UNKNOWN_MS : timeoutMs,
        isRepeatable: true,
      });
      const isLikelyEmpty = (): boolean => {
        answer();
        return doubts(last, wasPressed) === undefined;
      };
      if (failed) await dom.until(isLikelyEmpty, UNKNOWN_MS);
      const against = failed && doubts(last, wasPressed);
      isUnknownPage = failed !== undefined && against === undefined;
      whyNot = against ?? (await clearPrompt(timeoutMs));
      return whyNot === undefined;
    },
    whyNotNew: () => whyNot ?? '',
    async makeTemporary(timeoutMs) {
      if (isTemporary()) return true;
      if (wasTemporary && keepsTemporary) {
        if (await dom.until(isTemporary, LATE_MS)) return true;
        keepsTemporary = false;
      }
      if (!isOffered || wasPressedBlindly) return wasPressedBlindly;
      const hasSwitch = (): boolean =>
        dom.find('temporaryChat') !== undefined || dom.find('moreActions') !== undefined;
      await dom.until(() => hasSwitch() || dom.isQuiet(RESTING_MS), timeoutMs);
      isOffered = hasSwitch();
      // A press that came at the wrong moment may have switched it off: the second one rights that.
      for (let attempt = 0; attempt < 2 && isOffered; attempt++) {
        const direct = dom.find('temporaryChat');
        if (direct) direct.click();
        else isOffered = await pressInMenu('temporaryChatItem', isTemporary, timeoutMs);
        if (isOffered && (await dom.until(isTemporary, timeoutMs / 2))) return true;
        wasPressedBlindly = isOffered && !hasShownMark;
        if (wasPressedBlindly) return true;
      }
      return isTemporary();
    },
    async showSource(timeoutMs) {
      if (isSourceAsked) return;
      isSourceAsked = true; // the page keeps it as long as the document lives
      if (!dom.find('moreActions')) return;
      const hasMark = (item: HTMLElement | undefined): boolean =>
        item !== undefined && dom.within(item, 'rawModeMark') !== undefined;
      await pressInMenu('rawModeItem', hasMark, timeoutMs);
    },
  };
}
