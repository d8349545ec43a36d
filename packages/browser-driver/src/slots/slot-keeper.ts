import { deadline, type Log, type SlotStatus, StudioError, toLogMessage } from '@aistudio/core';

import { type CaptureFeed } from '../captures/capture-feed.ts';
import { UnusableError } from '../page/location.ts';
import { PageError } from '../page/page-error.ts';
import { untilSignedIn } from '../page/sign-in-watch.ts';
import { takeSnapshot } from '../page/snapshot.ts';
import { type Tab } from '../page/tab.ts';
import { pause, withSignal } from '../waiting.ts';
import { above, isWarm, limitOf, Refusals, type Rung } from './recovery.ts';
import { SlotTab, type SlotTabOptions } from './slot-tab.ts';
import { type Slot } from './slot.ts';

/** First and longest pause before the whole ladder is tried again, ms; longest where a person must act. */
const BACK_OFF_MS = { first: 500, longest: 8000, longestForPerson: 30_000 };

/** What a keeper needs. */
export interface KeeperOptions extends SlotTabOptions {
  readonly id: string;
  /** What the stream proxy sees of the slot's pages, if it may go through one. */
  readonly captures: CaptureFeed | undefined;
  /** Whether pages should go through the stream proxy at present. */
  readonly isProxyUp: () => boolean;
  /** Whether a person sees the page and can sign in on it. */
  readonly isVisible: boolean;
  /** Called when somebody has signed in there. */
  readonly onSignedIn: () => Promise<void>;
  /** Where snapshots of a failing page go. */
  readonly snapshotFolder: string;
  /** Called whenever the slot becomes ready, or stops being so. */
  readonly onChange: () => void;
  readonly log: Log;
}

/** After so many failures of New chat in a row the page is loaded anew at once. */
const STUCK = 2;

/** The step at which a page that cannot leave its chat fails. */
const NEW_CHAT = 'start a new chat';

const GOES_AROUND =
  'AI Studio refused a prompt that went through the stream proxy (403), so the page goes around it.';

/** Keeps one slot usable: prepares it after every prompt, and gets it back when it fails. */
export class SlotKeeper {
  readonly #options: KeeperOptions;
  readonly #closing = new AbortController();
  readonly #done: Promise<void>;
  readonly #tab: SlotTab;
  #state: SlotStatus['state'] = 'opening';
  #wasUsable = false;
  #failure: StudioError | undefined;
  #isExhausted = false;
  /** New chat was of no avail on this page: only a new tab has an empty chat. */
  #hasNoNewChat = false;
  /** How often in a row New chat failed on the open page, and worked after a reload. */
  #stuckInARow = 0;
  #hurry = new AbortController();
  readonly #refusals = new Refusals();
  #released = (_next: Rung | 'unused'): void => undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#tab = new SlotTab(options);
    this.#done = this.#keep();
  }

  /** Whether only a person can help, or the whole ladder was climbed in vain: no use to wait. */
  get isHopeless(): boolean {
    const needsPerson =
      this.#failure instanceof UnusableError || this.#failure?.code === 'not_signed_in';
    return needsPerson || (this.#failure !== undefined && this.#isExhausted);
  }

  /** Whether it has a page that nobody uses. */
  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** What keeps the slot from working, while it does not. */
  get failure(): StudioError | undefined {
    return this.#failure;
  }

  /** Whether its page has been open for a while: fresh ones are the last to take a prompt. */
  get isWarm(): boolean {
    return isWarm(this.#tab.loadedAt, Date.now());
  }

  status(): SlotStatus {
    const { id } = this.#options;
    const degraded = this.#refusals.goesAround ? { degraded: GOES_AROUND } : {};
    if (!this.#failure) return { id, state: this.#state, ...degraded };
    const { code, message } = this.#failure;
    return { id, state: this.#state, ...degraded, failure: { code, message } };
  }

  /**
   * Takes the slot if it is ready; to be followed by one call of `giveBack`, or of `putBack` if its page
   * was not touched.
   */
  take(): { slot: Slot; giveBack: () => void; putBack: () => void } | undefined {
    const present = this.#tab.current;
    if (this.#state !== 'ready' || !present) return undefined;
    const { id, captures, log } = this.#options;
    const release = this.#released;
    let next: Rung = 'new chat';
    let isRefused = false;
    let tab = present;
    let watch = tab.watch();
    const lost = new AbortController();
    const returned = new AbortController(); // takes the listeners away again
    const follow = (signal: AbortSignal): void => {
      const options = { signal: returned.signal };
      signal.addEventListener('abort', () => lost.abort(signal.reason), options);
    };
    follow(tab.lost);
    this.#state = 'busy';
    const slot: Slot = {
      id,
      get page() {
        return tab.studio;
      },
      get captures() {
        return tab.isProxied ? captures : undefined;
      },
      get evidence() {
        return tab.evidence;
      },
      lost: lost.signal,
      bypassProxy: async (signal) => {
        log.info('page opened around the stream proxy', { slot: id });
        tab = await this.#tab.openAround(signal);
        follow(tab.lost);
        watch[Symbol.dispose]();
        watch = tab.watch();
        await tab.studio.open(signal);
        await tab.studio.newChat(signal);
      },
      requireRecovery: (reason) => {
        if (!isRefused) next = 'reload';
        log.info('page needs recovery', { slot: id, reason });
      },
      accepted: () => this.#refusals.accepted(),
      refused: () => {
        if (isRefused) return;
        isRefused = true;
        next = this.#refusals.refused(tab.isProxied);
        log.warn('AI Studio refused the prompt (403)', { slot: id, next });
      },
      keepEvidence: (error) => this.#keepEvidence(error),
    };
    const leave = (): void => {
      returned.abort();
      watch[Symbol.dispose]();
    };
    const isAnew = (): boolean => lost.signal.aborted || this.#tab.isOutdated(tab);
    const giveBack = (): void => {
      leave();
      const isStuck = next === 'new chat' && this.#stuckInARow >= STUCK;
      release(isAnew() || this.#hasNoNewChat ? 'new context' : isStuck ? 'reload' : next);
    };
    const putBack = (): void => {
      leave();
      release(isAnew() ? 'new context' : 'unused');
    };
    return { slot, giveBack, putBack };
  }

  /** Looks whether the present page goes the right way; if not, and it is idle, opens another. */
  reroute(): void {
    if (!this.#options.isProxyUp()) this.#refusals.forgetProxy();
    const { current } = this.#tab;
    const isWrong = current && current.isProxied !== this.#usesProxy;
    if (this.#state === 'ready' && isWrong) this.#released('new context');
  }

  /** Lets a failed slot try again at once. */
  retry(): void {
    this.#hasNoNewChat = false;
    this.#stuckInARow = 0;
    this.#hurry.abort();
  }

  /** Says that there is another sign-in: the next page is opened with it, an idle one at once. */
  renew(): void {
    this.#tab.outdate();
    this.#hurry.abort();
    if (this.#state === 'ready') this.#released('new context');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('closing'));
    await this.#done;
    await this.#tab.close();
  }

  async #keep(): Promise<void> {
    const { log, id, onChange } = this.#options;
    const { signal } = this.#closing;
    let rung: Rung = 'new context';
    let backOffMs = BACK_OFF_MS.first;
    while (!signal.aborted) {
      const start = performance.now();
      const ms = (): number => Math.round(performance.now() - start);
      let tab: Tab;
      if (!this.#failure) this.#state = this.#wasUsable ? 'resetting' : 'opening';
      try {
        tab = await this.#climb(rung);
      } catch (error) {
        if (signal.aborted) return;
        this.#failure = error instanceof StudioError ? error : notReady(error);
        const isChanged = hasChanged(rung, error);
        this.#isExhausted ||= rung === 'new browser' || isChanged;
        const isTop: boolean =
          rung === 'new browser' || this.isHopeless || this.#failure.code !== 'upstream_error';
        if (isTop) this.#state = 'failed'; // before that a job may wait: the next rung may do
        log.warn('slot not ready', {
          slot: id,
          rung,
          ms: ms(),
          reason: toLogMessage(this.#failure),
        });
        onChange();
        await this.#keepEvidence(error);
        const { isVisible } = this.#options;
        const { current } = this.#tab;
        if (isTop && isVisible && this.#failure.code === 'not_signed_in' && current) {
          rung = await this.#untilSignedIn(current);
          continue;
        }
        if (isTop) {
          this.#hurry = new AbortController();
          await pause(backOffMs, AbortSignal.any([signal, this.#hurry.signal]));
          const { longest, longestForPerson } = BACK_OFF_MS;
          const isForPerson = this.#failure instanceof UnusableError;
          backOffMs = Math.min(backOffMs * 2, isForPerson ? longestForPerson : longest);
        }
        if (isStuckAt('new chat', rung, error)) this.#stuckInARow++;
        this.#hasNoNewChat ||= isStuckAt('reload', rung, error);
        // A browser that was tried last is not to blame twice in a row.
        const isOver = rung === 'new browser' || (isTop && !isChanged);
        rung = isOver ? 'new context' : above(rung);
        continue;
      }
      log.info('slot ready', { slot: id, rung, ms: ms() });
      if (rung === 'new chat') this.#stuckInARow = 0;
      backOffMs = BACK_OFF_MS.first;
      this.#failure = undefined;
      this.#isExhausted = false;
      rung = await this.#serve(tab);
    }
  }

  async #keepEvidence(error: unknown): Promise<void> {
    const { log, id, snapshotFolder: folder } = this.#options;
    const { current } = this.#tab;
    if (!(error instanceof PageError) || !current) return;
    const { studio: page, recorder } = current;
    try {
      const snapshot = await takeSnapshot({ folder, page, recorder, error });
      if (snapshot !== undefined) log.warn('snapshot kept', { slot: id, snapshot });
    } catch (cause) {
      log.warn('snapshot not kept', { slot: id, error: cause });
    }
  }

  /** Offers the slot until it has been used or lost; gives the rung to begin with afterwards. */
  async #serve({ lost }: Tab): Promise<Rung> {
    const end = AbortSignal.any([lost, this.#closing.signal]);
    for (;;) {
      const served = new Promise<Rung | 'unused'>((resolve) => {
        this.#released = (next) => {
          if (this.#state === 'ready') this.#state = 'resetting'; // nobody takes it on its way out
          resolve(next);
        };
      });
      this.#state = 'ready';
      this.#wasUsable = true;
      this.#options.onChange();
      // The reason only says that the page is gone: the ladder begins with another.
      const next = await withSignal(served, end).catch(() => 'new context' as const);
      if (next !== 'unused') return next;
    }
  }

  /** Leaves the page to the person before it; gives the rung to go on with. */
  async #untilSignedIn({ studio, lost }: Tab): Promise<Rung> {
    const { log, id, onSignedIn } = this.#options;
    log.warn('sign in to Google in the browser window', { slot: id });
    this.#hurry = new AbortController();
    const end = AbortSignal.any([lost, this.#closing.signal, this.#hurry.signal]);
    try {
      await withSignal(untilSignedIn(studio.page, studio.kit.knowledge), end);
      await onSignedIn();
      return 'reload';
    } catch {
      return 'new context'; // the window was closed, or there is another sign-in
    }
  }

  /** One attempt at a page with an empty chat, within the rung's limit. */
  async #climb(rung: Rung): Promise<Tab> {
    using limit = deadline(limitOf(rung), () => tooSlow(limitOf(rung)), this.#closing.signal);
    const preparing = this.#tab.prepare(rung, this.#usesProxy, limit.signal);
    return await withSignal(preparing, limit.signal);
  }

  get #usesProxy(): boolean {
    return this.#options.isProxyUp() && !this.#refusals.goesAround;
  }
}

/** The page cannot leave its chat, tried on this rung. */
const isStuckAt = (tried: Rung, rung: Rung, error: unknown): boolean =>
  rung === tried && error instanceof PageError && error.step === NEW_CHAT && error.isLacking;

/** The page came, as it was loaded anew, and lacks what is needed: no other browser shows another. */
const hasChanged = (rung: Rung, error: unknown): boolean =>
  rung === 'new context' && error instanceof PageError && error.isLacking;

const tooSlow = (ms: number): Error => new Error(`it was not ready within ${ms / 1000} s`);

function notReady(cause: unknown): StudioError {
  const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return new StudioError('upstream_error', `The browser page failed: ${why}`, { cause });
}
