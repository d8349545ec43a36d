import { StudioError } from '@aistudio/core';
import { type Page } from 'playwright';

import { type AnswerUpdate, type Sayings, type Segment } from './answer-view.ts';
import { type Readiness } from './in-page/chat.ts';
import { type ImageBytes } from './in-page/images.ts';
import { type RunState } from './in-page/run-control.ts';
import { type UploadTarget } from './in-page/upload.ts';
import { KitSession } from './kit-session.ts';
import { checkLocation, HOME } from './location.ts';
import { PageError } from './page-error.ts';
import { type KnowledgeSource } from './page-knowledge.ts';
import { type PanelChange, type PanelProblem, type PanelState } from './panel-state.ts';

/** Longest time for a click's consequence on a healthy page (page.md §11), ms. */
const STEP_MS = 5000;
/** Longest time from navigation to a usable page (page.md §2), ms. */
const LOAD_MS = 30_000;
/** From the text to an enabled Run button while files are processed (page.md §4.1), ms. */
const PROCESSED_MS = 15_000;
/** Longest time for one upload to be processed; videos take minutes (page.md §7), ms. */
const UPLOAD_MS = 180_000;

/** A user's verbs on one AI Studio page. Every verb throws the signal's reason when it aborts. */
export class StudioPage {
  readonly page: Page;
  /** Hands and eyes inside the page. */
  readonly kit: KitSession;

  constructor(page: Page, knowledge?: KnowledgeSource) {
    this.page = page;
    this.kit = new KitSession(page, knowledge);
  }

  /** Opens an empty chat. Throws `not_signed_in` when the login page comes instead. */
  async open(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const options = { waitUntil: 'domcontentloaded', timeout: LOAD_MS } as const;
    const response = await this.page.goto(HOME, options).catch(rethrowProxyTrouble);
    checkLocation(this.page.url(), await this.page.title());
    if (response && !response.ok()) {
      throw new PageError('load the page', `AI Studio answers HTTP ${response.status()}`);
    }
    await this.#untilReady(signal);
  }

  /**
   * Leaves the present chat for an empty, temporary one with the run settings in view: where the
   * next prompt should find the page.
   */
  async newChat(signal: AbortSignal): Promise<void> {
    checkLocation(this.page.url());
    const isEmpty = await this.kit.run(
      'start a new chat',
      async (kit, timeoutMs) => {
        const empty = await kit.chat.startNew(timeoutMs);
        if (empty) await kit.chat.makeTemporary(timeoutMs);
        if (empty) await kit.panel.open(timeoutMs);
        return empty;
      },
      STEP_MS,
      signal,
    );
    if (!isEmpty) throw new PageError('start a new chat', 'the old chat stayed');
  }

  /** What the run settings show; brings them into view first. */
  async readPanel(signal: AbortSignal): Promise<PanelState> {
    return this.kit.run(
      'read the run settings',
      async (kit, timeoutMs) => {
        await kit.panel.open(timeoutMs);
        return kit.panel.read();
      },
      STEP_MS,
      signal,
    );
  }

  /** Makes changes in order up to the first that fails; gives what the panel shows afterwards. */
  async changePanel(
    changes: readonly PanelChange[],
    signal: AbortSignal,
  ): Promise<{ state: PanelState; problem?: PanelProblem }> {
    return this.kit.run('change the run settings', (kit, list) => kit.apply(list), changes, signal);
  }

  /** Makes the chat a temporary one again: a change of model may have reset it (page.md §6.1). */
  async makeTemporary(signal: AbortSignal): Promise<void> {
    await this.kit.run(
      'make the chat temporary',
      (kit, timeoutMs) => kit.chat.makeTemporary(timeoutMs),
      STEP_MS,
      signal,
    );
  }

  /** Puts the prompt in, in one step, and waits until it can be sent. `digest`: SHA-256, hex. */
  async setPrompt(
    text: string,
    digest: string,
    hasFiles: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const step = 'enter the prompt';
    const enter = (timeoutMs: number): Promise<{ held: string | undefined; state: RunState }> =>
      this.kit.run(
        step,
        async (kit, { text: wanted, ms }) => ({
          held: await kit.prompt.set(wanted),
          state: await kit.run.untilReady(ms),
        }),
        { text, ms: timeoutMs },
        signal,
      );
    let { held, state } = await enter(STEP_MS / 2);
    if (held !== undefined && state !== 'ready') {
      await this.clearOverlays(signal); // an open vote, for example, keeps Run disabled
      ({ held, state } = await enter(hasFiles ? PROCESSED_MS : STEP_MS));
    }
    if (held === undefined) throw new PageError(step, 'there is no prompt box');
    if (held !== digest) throw new PageError(step, 'the prompt box holds another text');
    if (state !== 'ready') throw new PageError(step, `the Run button stayed ${state}`);
  }

  /** Attaches files by the page's own upload; returns when all of them are processed. */
  async attach(paths: readonly string[], signal: AbortSignal): Promise<void> {
    const step = 'attach files';
    let attached = 0;
    while (attached < paths.length) {
      const target = await this.kit.run(step, (kit, ms) => kit.upload.open(ms), STEP_MS, signal);
      if (target.type === 'missing') throw new PageError(step, 'there is no upload menu');
      const count = target.type === 'input' && target.takesMany ? paths.length : 1;
      await this.#choose(target, paths.slice(attached, attached + count));
      attached += count;
      const result = await this.kit.run(
        step,
        (kit, { wanted, ms }) => kit.upload.untilDone(wanted, ms),
        { wanted: attached, ms: UPLOAD_MS },
        signal,
      );
      if (result.type === 'refused') {
        throw new PageError(step, result.words, { code: 'invalid_value', param: 'messages' });
      }
      if (result.type === 'unfinished') {
        throw new PageError(step, `${result.count} of ${attached} files were processed in time`);
      }
    }
  }

  async #choose(target: UploadTarget, paths: readonly string[]): Promise<void> {
    if (target.type === 'item') {
      const chooser = this.page.waitForEvent('filechooser', { timeout: STEP_MS });
      await this.page.mouse.click(target.x, target.y);
      return (await chooser).setFiles([...paths]);
    }
    return this.kit.setInputFiles(paths);
  }

  /**
   * Presses Run, once: true presses of the mouse that did not reach the button do not count.
   * Whether the page then asks the model is for the wire to say.
   */
  async run(signal: AbortSignal): Promise<void> {
    const step = 'press Run';
    let hindrance = '';
    for (let attempt = 0; attempt < 3; attempt++) {
      const target = await this.kit.run(step, (kit) => kit.run.aim(), undefined, signal);
      if (target.type === 'not_ready') throw new PageError(step, `the button is ${target.state}`);
      if (target.type === 'clear') {
        await this.page.mouse.click(target.x, target.y);
        if (await this.kit.run(step, (kit) => kit.run.hasLanded(), undefined, signal)) return;
        hindrance = 'the press did not reach the button';
      } else hindrance = `it is covered by ${target.by}`;
      if (attempt === 0) await this.clearOverlays(signal);
      // On a narrow window it is the settings that lie over the prompt box.
      else await this.kit.run(step, (kit, ms) => kit.panel.close(ms), STEP_MS, signal);
    }
    throw new PageError(step, hindrance);
  }

  /** Waits until the chat shows that Run was taken; false after `timeoutMs`. */
  async untilSent(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const step = 'look whether the prompt was sent';
    return this.kit.run(step, (kit, ms) => kit.answer.untilAsked(ms), timeoutMs, signal);
  }

  /** What the page has said since {@link expectAnswer}: in the answer's turn, and elsewhere. */
  async readSayings(signal: AbortSignal): Promise<Sayings> {
    return this.kit.run('look for errors', (kit) => kit.answer.sayings(), undefined, signal);
  }

  /** Says that a prompt is about to be sent, so that old complaints are not taken for new ones. */
  async expectAnswer(signal: AbortSignal): Promise<void> {
    await this.kit.run('look at the page', (kit) => kit.answer.expect(), undefined, signal);
  }

  /** Makes {@link nextAnswer} begin with all that is shown of the answer. */
  async rewindAnswer(signal: AbortSignal): Promise<void> {
    await this.kit.run('look at the answer', (kit) => kit.answer.rewind(), undefined, signal);
  }

  /** What is new in the answer: as soon as there is anything, or after `timeoutMs`. */
  async nextAnswer(timeoutMs: number, signal: AbortSignal): Promise<AnswerUpdate> {
    return this.kit.run('read the answer', (kit, ms) => kit.answer.next(ms), timeoutMs, signal);
  }

  /** The finished answer with the source of its texts, as far as the page gives it away. */
  async readSources(signal: AbortSignal): Promise<Segment[]> {
    const step = 'read the answer’s source';
    return this.kit.run(step, (kit, ms) => kit.sources.read(ms), STEP_MS, signal);
  }

  /** An image that the page shows, by its address; undefined when it cannot be read. */
  async readImage(address: string, signal: AbortSignal): Promise<ImageBytes | undefined> {
    const step = 'read an image of the answer';
    return this.kit.run(step, (kit, url) => kit.images.read(url), address, signal);
  }

  /** Presses Stop while something is generated. True when the page is idle afterwards. */
  async stop(signal: AbortSignal): Promise<boolean> {
    const press = (): Promise<boolean> =>
      this.kit.run('press Stop', (kit, ms) => kit.run.stop(ms), STEP_MS / 5, signal);
    return (await press()) || press();
  }

  /** Waits until nothing is generated; false after `timeoutMs`. */
  async untilIdle(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    return this.kit.run('wait for the end', (kit, ms) => kit.run.untilIdle(ms), timeoutMs, signal);
  }

  /** True when Run was not taken: the text still stands there and no turn was added. */
  async isUnsent(signal: AbortSignal): Promise<boolean> {
    return this.kit.run(
      'look whether the prompt was sent',
      (kit) =>
        kit.run.state() !== 'generating' && !kit.prompt.isEmpty() && kit.chat.turns().user === 0,
      undefined,
      signal,
    );
  }

  /** Deals with everything that stands in the way. Throws when something stays. */
  async clearOverlays(signal: AbortSignal): Promise<void> {
    const step = 'clear what covers the page';
    await this.page.mouse.move(0, 0); // tooltips go when the mouse does
    const { blockedBy } = await this.kit.run(
      step,
      (kit) => kit.overlays.clear(),
      undefined,
      signal,
    );
    if (blockedBy?.kind === 'refused') {
      throw new PageError(step, `${blockedBy.what} must be answered by hand: run \`pnpm signin\``, {
        code: 'not_signed_in',
      });
    }
    if (blockedBy) throw new PageError(step, `“${blockedBy.what}” stays`);
  }

  async #untilReady(signal: AbortSignal): Promise<void> {
    const giveUpAt = Date.now() + LOAD_MS;
    let seen: Readiness | undefined;
    while (Date.now() < giveUpAt) {
      checkLocation(this.page.url(), await this.page.title().catch(() => ''));
      try {
        seen = await this.kit.run(
          'load the page',
          (kit, ms) => kit.chat.untilReady(ms),
          STEP_MS,
          signal,
        );
      } catch (error) {
        // A redirect, for example to the login page, ends the document under our feet.
        if (signal.aborted || !(error instanceof PageError) || this.page.isClosed()) throw error;
        await this.page.waitForLoadState('domcontentloaded', { timeout: LOAD_MS });
        continue;
      }
      if (seen.isCovered) await this.clearOverlays(signal);
      else if (seen.hasPrompt && seen.hasModel) return;
    }
    const what = seen?.hasPrompt ? 'it never said which model it asks' : 'no prompt box came';
    throw new PageError('load the page', what);
  }
}

/** What Chromium says when a proxy does not let it through, in words that help. */
function rethrowProxyTrouble(cause: unknown): never {
  const [trouble] = /net::ERR_(?:TUNNEL|PROXY)_CONNECTION_FAILED/.exec(String(cause)) ?? [];
  if (trouble === undefined) throw cause;
  throw new StudioError(
    'upstream_error',
    `AI Studio cannot be reached (${trouble}). If there is a proxy of yours in between, check UNIFIED_PROXY_CONFIG or HTTPS_PROXY; the log says what it answered.`,
    { cause },
  );
}
