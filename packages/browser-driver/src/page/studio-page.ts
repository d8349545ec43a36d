import { type Page } from 'playwright';

import { pause } from '../waiting.ts';
import { act } from './act.ts';
import { type AnswerUpdate, type PageMessages, type Segment } from './answer-view.ts';
import { attachFiles } from './attach-files.ts';
import { type ImageBytes } from './in-page/images.ts';
import { KitSession } from './kit-session.ts';
import { loadPage } from './load-page.ts';
import { checkLocation, HOME } from './location.ts';
import { PageError } from './page-error.ts';
import { type PageKit } from './page-kit.ts';
import { type KnowledgeSource } from './page-knowledge.ts';
import { type PanelChange, type PanelProblem, type PanelState } from './panel-state.ts';
import { pressRun, type RunWay } from './press-run.ts';
import { wordsOf } from './words-of.ts';

/** Longest time for a click's consequence on a healthy page (page.md §11), ms. */
const STEP_MS = 5000;
/** From the text to an enabled Run button while files are processed (page.md §4.1), ms. */
const PROCESSED_MS = 15_000;
/** Longest time for the panel to come, and on a page that did not show it the last time, ms. */
const PANEL_MS = { usual: 3000, missing: 300 };
/** Longest time for one change of the run settings: a dialog opens, follows, and closes, ms. */
const CHANGE_MS = 30_000;
/** How long a control may come after what makes it come, ms. */
const LATE_MS = 1000;
/** How much longer than its own limits a look at the page may take on a busy machine, ms. */
const GRACE_MS = 10_000;

/** What a page is opened with. */
interface StudioPageOptions {
  readonly home?: string | undefined;
  readonly knowledge?: KnowledgeSource | undefined;
}

/** A user's verbs on one AI Studio page. Every verb has a limit, and throws the signal's reason when it aborts. */
export class StudioPage {
  readonly page: Page;
  /** Hands and eyes inside the page. */
  readonly kit: KitSession;
  /** There was nothing on the page to pick a model by: its address is left. */
  lacksPicker = false;
  /** The model that was chosen by the page's address since it was loaded. */
  #addressedModel: string | undefined;
  /** Some words of the last prompt, and whether Run was pressed since the last new chat. */
  #oldWords = '';
  #wasRun = false;
  #wasEverRun = false;
  #step = 'load the page';
  #hasPanel = true;
  /** Epoch ms. */
  #settlesAt = 0;
  #isTemporary = false;
  #holdsSchema = false;

  readonly #home: string;

  /** `home`: the address of an empty chat; `knowledge`: what is known of the page, by default what is built in. */
  constructor(page: Page, { home = HOME, knowledge }: StudioPageOptions = {}) {
    this.page = page;
    this.#home = home;
    this.kit = new KitSession(page, knowledge);
  }

  /** What the page is at while a prompt is prepared; undefined once Run was pressed. */
  get preparing(): string | undefined {
    return this.#wasRun ? undefined : this.#step;
  }

  /** The address of its empty chat. */
  get home(): string {
    return this.#home;
  }

  /** Whether a schema was entered since the page was loaded: it stays, and new chats send it, too. */
  get holdsSchema(): boolean {
    return this.#holdsSchema;
  }

  /** The model that was chosen by the page's address since it was loaded. */
  get addressedModel(): string | undefined {
    return this.#addressedModel;
  }

  /**
   * Runs `work` in the page. `limitMs`: how long what it waits for may take, where `argument` does
   * not say it. Throws a {@link PageError} of this step when the page does not answer.
   */
  async look<A, R>(
    step: string,
    work: (kit: PageKit, argument: A) => R | Promise<R>,
    argument: A,
    signal: AbortSignal,
    limitMs = typeof argument === 'number' ? argument : 0,
  ): Promise<Awaited<R>> {
    this.#step = step;
    return act(step, signal, limitMs + GRACE_MS, (within) =>
      this.kit.run(step, work, argument, within),
    );
  }

  /** Loads the page. Throws `not_signed_in` when the login page comes instead. */
  async open(signal: AbortSignal): Promise<void> {
    const model = this.lacksPicker ? this.#addressedModel : undefined;
    this.#addressedModel = undefined;
    this.#holdsSchema = false;
    await loadPage(this, model === undefined ? this.#home : this.#addressOf(model), signal);
    this.#addressedModel = model;
  }

  /**
   * Loads the page with this model in its address, which chooses it (page.md §1), and starts an
   * empty chat. The page may have ignored it.
   */
  async openModel(id: string, signal: AbortSignal): Promise<void> {
    await loadPage(this, this.#addressOf(id), signal);
    await this.newChat(signal);
    this.#addressedModel = id;
  }

  #addressOf(model: string): string {
    return `${this.#home}?model=${encodeURIComponent(model)}`;
  }

  /**
   * Leaves the present chat for an empty, temporary one with the run settings in view: where the
   * next prompt should find the page.
   */
  async newChat(signal: AbortSignal): Promise<void> {
    const step = 'start a new chat';
    checkLocation(this.page.url());
    const panelMs = this.#hasPanel ? PANEL_MS.usual : PANEL_MS.missing;
    const last = { oldWords: this.#oldWords, wasRun: this.#wasRun, isFresh: !this.#wasEverRun };
    const seen = await this.look(
      step,
      async (kit, { last: before, ms, panelMs: forPanel }) => {
        if (!(await kit.chat.startNew(ms, before))) return { whyNot: kit.chat.whyNotNew() };
        const isTemporary = await kit.chat.makeTemporary(ms);
        await kit.chat.showSource(ms / 3);
        const hasPanel = await kit.panel.open(forPanel);
        return { isTemporary, hasPanel, settleMs: kit.settleMs() };
      },
      { last, ms: STEP_MS, panelMs },
      signal,
      STEP_MS * 4,
    );
    if (seen.whyNot !== undefined) throw new PageError(step, seen.whyNot, { isLacking: true });
    this.#wasRun = false;
    this.#settlesAt = Date.now() + (seen.settleMs ?? 0);
    this.#isTemporary = seen.isTemporary ?? false;
    this.#hasPanel = seen.hasPanel ?? false;
  }

  /** Takes changed page packs over, between two prompts: what was not found before may be now. */
  async refresh(): Promise<void> {
    if (!(await this.kit.refresh())) return;
    this.#hasPanel = true;
    this.lacksPicker = false;
  }

  /**
   * What the run settings show; brings them into view first, makes the chat a temporary one again
   * where the page has reset that (page.md §6.1), and waits a moment for the controls `expected`
   * (names as in `Difference`), which may come after what makes them come.
   */
  async readPanel(signal: AbortSignal, expected: readonly string[] = []): Promise<PanelState> {
    const panelMs = this.#hasPanel ? PANEL_MS.usual : PANEL_MS.missing;
    const { state, hasPanel } = await this.look(
      'read the run settings',
      async (kit, { names, isTemporary, panelMs: forPanel, ms, lateMs }) => {
        if (isTemporary) await kit.chat.makeTemporary(ms);
        const isOpen = await kit.panel.open(forPanel);
        return { hasPanel: isOpen, state: await kit.panel.readWith(names, isOpen ? lateMs : 0) };
      },
      {
        names: [...expected],
        isTemporary: this.#isTemporary,
        panelMs,
        ms: STEP_MS,
        lateMs: LATE_MS,
      },
      signal,
      STEP_MS * 4,
    );
    this.#hasPanel = hasPanel;
    return state;
  }

  /** Makes changes in order up to the first that fails; gives what the panel shows afterwards. */
  async changePanel(
    changes: readonly PanelChange[],
    signal: AbortSignal,
  ): Promise<{ state: PanelState; problem?: PanelProblem }> {
    this.#holdsSchema ||= changes.some(({ type }) => type === 'schema');
    const { settleMs, ...result } = await this.look(
      'change the run settings',
      async (kit, list) => ({ ...(await kit.apply(list)), settleMs: kit.settleMs() }),
      changes,
      signal,
      CHANGE_MS * changes.length,
    );
    this.#settlesAt = Date.now() + settleMs;
    return result;
  }

  /** Waits until what was done to the page last has had all its effects. */
  async untilSettled(signal: AbortSignal): Promise<void> {
    const leftMs = this.#settlesAt - Date.now();
    if (leftMs > 0) await pause(leftMs, signal);
    signal.throwIfAborted();
  }

  /** Puts the prompt in, in one step, and waits until it can be sent. `digest`: SHA-256, hex. */
  async setPrompt(
    text: string,
    digest: string,
    hasFiles: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const step = 'enter the prompt';
    const enter = (timeoutMs: number) =>
      this.look(
        step,
        async (kit, { text: wanted, ms }) => {
          kit.prompt.set(wanted);
          const state = await kit.run.untilReady(ms);
          return { state, held: await kit.prompt.digest(), ...kit.run.notices() };
        },
        { text, ms: timeoutMs },
        signal,
        timeoutMs,
      );
    this.#oldWords = wordsOf(text);
    let seen = await enter(STEP_MS / 2);
    const hasKey = seen.state === 'missing' && seen.held === digest; // Run has a key besides
    if (seen.held !== undefined && !hasKey && (seen.state !== 'ready' || seen.held !== digest)) {
      await this.clearOverlays(signal); // an open vote, for example, keeps Run disabled
      seen = await enter(hasFiles ? PROCESSED_MS : STEP_MS);
    }
    const { held, state, tooltip, paid } = seen;
    if (held === undefined) throw new PageError(step, 'there is no prompt box');
    if (held !== digest) throw new PageError(step, 'the prompt box holds another text');
    if (state === 'ready' || hasKey) return;
    if (paid !== '') {
      throw new PageError(step, `this model must be paid for: ${paid}`, {
        code: 'invalid_value',
        param: 'model',
      });
    }
    const words = tooltip === '' ? '' : ` (“${tooltip}”)`;
    throw new PageError(step, `the Run button stayed ${state}${words}`);
  }

  /** Attaches files by the page's own upload; returns when all of them are processed. */
  async attach(paths: readonly string[], signal: AbortSignal): Promise<void> {
    await attachFiles(this, paths, signal);
  }

  /** Presses Run, once; by the keyboard also where the mouse cannot reach it. */
  async run(way: RunWay, signal: AbortSignal): Promise<void> {
    this.#wasRun = true;
    this.#wasEverRun = true;
    await pressRun(this, way, signal);
  }

  /** Waits until the chat shows that Run was taken; false after `timeoutMs`. */
  async untilSent(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const step = 'look whether the prompt was sent';
    return this.look(step, (kit, ms) => kit.answer.untilAsked(ms), timeoutMs, signal);
  }

  /** What the page has said since {@link expectAnswer}: in the answer's turn, and elsewhere. */
  async readMessages(signal: AbortSignal): Promise<PageMessages> {
    return this.look('look for errors', (kit) => kit.answer.messages(), undefined, signal);
  }

  /** Says that a prompt is about to be sent, so that old complaints are not taken for new ones. */
  async expectAnswer(signal: AbortSignal): Promise<void> {
    await this.look('look at the page', expectIn, undefined, signal);
  }

  /** Makes {@link nextAnswer} begin with all that is shown of the answer. */
  async rewindAnswer(signal: AbortSignal): Promise<void> {
    await this.look('look at the answer', (kit) => kit.answer.rewind(), undefined, signal);
  }

  /** What is new in the answer: as soon as there is anything, or after `timeoutMs`. */
  async nextAnswer(timeoutMs: number, signal: AbortSignal): Promise<AnswerUpdate> {
    return this.look('read the answer', (kit, ms) => kit.answer.next(ms), timeoutMs, signal);
  }

  /** The finished answer with the source of its texts, as far as the page gives it away. */
  async readSources(signal: AbortSignal): Promise<Segment[]> {
    const step = 'read the answer’s source';
    return this.look(step, (kit, ms) => kit.sources.read(ms), STEP_MS, signal);
  }

  /** An image that the page shows, by its address; undefined when it cannot be read. */
  async readImage(address: string, signal: AbortSignal): Promise<ImageBytes | undefined> {
    const step = 'read an image of the answer';
    return this.look(step, (kit, url) => kit.images.read(url), address, signal);
  }

  /** Presses Stop while something is generated. True when the page is idle afterwards. */
  async stop(signal: AbortSignal): Promise<boolean> {
    const press = (): Promise<boolean> =>
      this.look('press Stop', (kit, ms) => kit.run.stop(ms), STEP_MS / 5, signal);
    return (await press()) || press();
  }

  /** Waits until nothing is generated; false after `timeoutMs`. */
  async untilIdle(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    return this.look('wait for the end', (kit, ms) => kit.run.untilIdle(ms), timeoutMs, signal);
  }

  /** True when Run was not taken: the text still stands there and no turn was added. */
  async isUnsent(signal: AbortSignal): Promise<boolean> {
    return this.look(
      'look whether the prompt was sent',
      (kit) =>
        kit.run.state() !== 'generating' && !kit.prompt.isEmpty() && kit.chat.turns().user === 0,
      undefined,
      signal,
    );
  }

  /**
   * Deals with what stands in the way; gives what stays. Throws `not_signed_in` for what only a
   * person may answer.
   */
  async clearOverlays(signal: AbortSignal): Promise<string | undefined> {
    const step = 'clear what covers the page';
    // Tooltips go when the mouse does.
    await act(step, signal, STEP_MS, () => this.page.mouse.move(0, 0));
    const { blockedBy } = await this.look(
      step,
      (kit) => kit.overlays.clear(),
      undefined,
      signal,
      CHANGE_MS,
    );
    if (blockedBy?.kind === 'refused') {
      throw new PageError(step, `${blockedBy.what} must be answered by hand: run \`pnpm signin\``, {
        code: 'not_signed_in',
      });
    }
    return blockedBy?.what;
  }
}

/** Runs in the page. */
const expectIn = (kit: PageKit): void => {
  kit.run.expect();
  kit.answer.expect();
};
