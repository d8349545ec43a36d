import { type BrowserHost } from '../browser/browser-host.ts';
import { type Browser } from '../browser/browser.ts';
import { type Tab } from '../page/tab.ts';
import { withSignal } from '../waiting.ts';
import { type Rung } from './recovery.ts';

/** After the last byte of an answer the page may need this long to notice (page.md §11), ms. */
const IDLE_MS = 2000;

/** What a slot's tab comes from. */
export interface SlotTabOptions {
  readonly host: BrowserHost;
  /** Opens a page; `isDirect`: around the stream proxy, even if it is up. */
  readonly openTab: (isDirect: boolean) => Promise<Tab>;
}

/** The one tab of a slot: kept, loaded anew or replaced, as a rung of the recovery says. */
export class SlotTab {
  readonly #options: SlotTabOptions;
  #tab: Tab | undefined;
  /** The browser of the last tab. */
  #browser: Browser | undefined;
  #isOutdated = false;
  #loadedAt = 0;

  constructor(options: SlotTabOptions) {
    this.#options = options;
  }

  /** Undefined while it is being replaced, or could not be. */
  get current(): Tab | undefined {
    return this.#tab;
  }

  /** When its page was loaded last, epoch ms. */
  get loadedAt(): number {
    return this.#loadedAt;
  }

  /** Whether another tab is to take its place: it has an old sign-in, or lives in an old browser. */
  isOutdated(tab: Tab): boolean {
    return this.#isOutdated || !this.#options.host.isCurrent(tab.browser);
  }

  /** There is another sign-in, which the next tab has. */
  outdate(): void {
    this.#isOutdated = true;
  }

  /** Gives the tab with an empty chat. What comes of an attempt whose signal aborted is nobody's. */
  async prepare(rung: Rung, usesProxy: boolean, signal: AbortSignal): Promise<Tab> {
    let tab = this.#tab;
    const isKept = rung === 'new chat' || rung === 'reload';
    const isNew = !tab || !isKept || this.#isOutdated || tab.isProxied !== usesProxy;
    if (!tab || isNew) {
      if (this.#browser && rung === 'new browser') this.#options.host.replace(this.#browser);
      await this.close();
      signal.throwIfAborted();
      this.#isOutdated = false;
      tab = await this.#open(!usesProxy, signal);
    }
    const { studio } = tab;
    await studio.refresh();
    if (isNew || rung !== 'new chat') {
      await studio.open(signal);
      this.#loadedAt = Date.now();
    } else if (!(await studio.untilIdle(IDLE_MS, signal))) await studio.stop(signal);
    await studio.newChat(signal);
    return tab;
  }

  /** Replaces the tab by one around the stream proxy. */
  async openAround(signal: AbortSignal): Promise<Tab> {
    const old = this.#tab;
    const tab = await this.#open(true, signal);
    await old?.close();
    return tab;
  }

  async close(): Promise<void> {
    const tab = this.#tab;
    this.#tab = undefined;
    await tab?.close();
  }

  async #open(isDirect: boolean, signal: AbortSignal): Promise<Tab> {
    const opening = this.#options.openTab(isDirect);
    try {
      const tab = await withSignal(opening, signal);
      this.#tab = tab;
      this.#browser = tab.browser;
      return tab;
    } catch (error) {
      opening.then((late) => late.close()).catch(() => undefined); // it never came
      throw error;
    }
  }
}
