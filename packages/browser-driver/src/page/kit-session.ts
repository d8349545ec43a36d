import { deadline, StudioError } from '@aistudio/core';
import { type JSHandle, type Page } from 'playwright';

import { withSignal } from '../waiting.ts';
import { checkLocation } from './location.ts';
import { PageError } from './page-error.ts';
import { installPageKit, type PageKit } from './page-kit.ts';
import { builtInKnowledge, type KnowledgeSource, type PageKnowledge } from './page-knowledge.ts';

/** How long an answer from a page that was told to stop is still waited for, ms. */
const ABANDON_MS = 300;
/** How long a page that left its document may take to show the next one, ms. */
const ARRIVE_MS = 2000;

/** The page kit of whatever document a page shows: brought in when needed, lost with its document. */
export class KitSession {
  /** Called after each step that succeeded, and waited for; never throws. For recordings. */
  afterStep: ((step: string) => Promise<void>) | undefined;
  readonly #page: Page;
  readonly #source: KnowledgeSource;
  #knowledge: PageKnowledge;
  #kit: Promise<JSHandle<PageKit>> | undefined;
  #wasCancelled = false;
  /** There was a navigation since: to another document, with which the kit is gone, or within it. */
  #mayBeGone = false;

  constructor(page: Page, source: KnowledgeSource = builtInKnowledge) {
    this.#page = page;
    this.#source = source;
    this.#knowledge = source.current;
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.#mayBeGone = true;
    });
  }

  /** What the kit knows of the page. */
  get knowledge(): PageKnowledge {
    return this.#knowledge;
  }

  /**
   * Takes changed page packs over. For the time between two prompts: what the kit remembers of the
   * present one is lost. False: nothing has changed.
   */
  async refresh(): Promise<boolean> {
    await this.#source.refresh();
    const hasChanged = this.#source.current.digest !== this.#knowledge.digest;
    if (hasChanged) this.#kit = undefined;
    return hasChanged;
  }

  /**
   * Runs `work` in the page; `argument` is plain data. Throws the signal's reason soon after it
   * aborts, whatever the page does; what `work` waits for in the page ends with it. Throws
   * `not_signed_in` when the login page came, a {@link PageError} of this step when the page failed.
   */
  async run<A, R>(
    step: string,
    work: (kit: PageKit, argument: A) => R | Promise<R>,
    argument: A,
    signal: AbortSignal,
  ): Promise<Awaited<R>> {
    signal.throwIfAborted();
    const settled = new AbortController();
    const abandoned = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      this.#cancel();
      timer = setTimeout(() => abandoned.abort(new Error('abandoned')), ABANDON_MS);
    };
    signal.addEventListener('abort', onAbort, { signal: settled.signal });
    try {
      const result = await withSignal(this.#evaluate(work, argument), abandoned.signal);
      await this.afterStep?.(step);
      return result;
    } catch (cause) {
      signal.throwIfAborted();
      this.#kit = undefined;
      if (cause instanceof StudioError) throw cause;
      const place = await this.#place();
      if (!this.#page.isClosed()) checkLocation(place);
      const what = this.#page.isClosed() ? 'the browser closed' : 'the page went away';
      throw new PageError(step, what, { cause });
    } finally {
      clearTimeout(timer);
      settled.abort();
    }
  }

  /** Hands files to the file input that the kit found. */
  async setInputFiles(paths: readonly string[]): Promise<void> {
    const kit = await this.#install();
    const input = await kit.evaluateHandle(({ upload }) => upload.input());
    await input.asElement()?.setInputFiles([...paths]);
  }

  /** Where the page is once it has left the document that failed: perhaps at the login page. */
  async #place(): Promise<string> {
    using limit = deadline(ARRIVE_MS, () => new Error('the page does not answer'));
    const arrived = this.#page.evaluate(() => document.location.href);
    return withSignal(arrived, limit.signal).catch(() => this.#page.url());
  }

  async #evaluate<A, R>(
    work: (kit: PageKit, argument: A) => R | Promise<R>,
    argument: A,
  ): Promise<Awaited<R>> {
    const kit = await this.#install();
    if (this.#wasCancelled) await kit.evaluate(({ dom }) => dom.resume());
    this.#wasCancelled = false;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Playwright's types cannot see that a generic argument is plain data
    const evaluate = kit.evaluate.bind(kit) as unknown as (
      work: (kit: PageKit, argument: A) => R | Promise<R>,
      argument: A,
    ) => Promise<Awaited<R>>;
    return evaluate(work, argument);
  }

  async #install(): Promise<JSHandle<PageKit>> {
    if (this.#mayBeGone && this.#kit) {
      const isThere = this.#kit.then((kit) => kit.evaluate(() => true));
      if (!(await isThere.catch(() => false))) this.#kit = undefined;
    }
    this.#mayBeGone = false;
    this.#kit ??= this.#installWith(this.#source.current);
    return this.#kit;
  }

  async #installWith(knowledge: PageKnowledge): Promise<JSHandle<PageKit>> {
    this.#knowledge = knowledge;
    const kit = await installPageKit(this.#page, knowledge);
    const refused = await kit.evaluate((all) => all.refused);
    if (refused.length > 0) this.#source.refuse(knowledge.digest, refused);
    return kit;
  }

  /** Ends what the document waits for; a page that is gone waits for nothing. */
  #cancel(): void {
    this.#wasCancelled = true;
    this.#kit?.then((kit) => kit.evaluate(({ dom }) => dom.cancel())).catch(() => undefined);
  }
}
