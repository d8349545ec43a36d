import { deadline } from '@aistudio/core';
import {
  createPlaceholders,
  type RecordedCall,
  type RecordedStep,
  type Recording,
  redactPage,
  redactPath,
  type StepName,
} from '@aistudio/recorder';
import { isModelRpc, rpcOf } from '@aistudio/wire';
import { type Page } from 'playwright';

import { withSignal } from '../../waiting.ts';
import { type StudioPage } from '../studio-page.ts';
import { readTree } from './read-tree.ts';
import { redactCall } from './redact-call.ts';
import { visitSecondTab } from './second-tab.ts';
import { type CallWatch, watchCalls } from './watch-calls.ts';

/** Longest time to look at a page once, ms. */
const LOOK_MS = 3000;
/** How long the page may take after the answer to show an empty chat, ms. */
const NEW_CHAT_MS = 20_000;
/** Longest visit of the second tab, ms. */
const SECOND_TAB_MS = 45_000;

/** Which of the driver's steps is followed by which moment. */
const STEPS: Readonly<Record<string, StepName>> = {
  'read the run settings': 'settings read',
  'change the run settings': 'settings changed',
  'enter the prompt': 'prompt entered',
  'press Run': 'run pressed',
};
/** Moments at which the chat holds the prompt, and perhaps an answer. */
const IN_CHAT: readonly StepName[] = ['run pressed', 'answering', 'answered', 'new chat'];
const NEW_CHAT_STEP = 'start a new chat';

/**
 * Records one prompt on a page while the driver works with it: the page's structure at each moment,
 * and its RPCs. Everything personal is replaced as soon as it is read. Nothing here throws: what
 * cannot be recorded becomes a note.
 */
export class PageRecording {
  readonly #studio: StudioPage;
  readonly #placeholders = createPlaceholders();
  readonly #startedAt = Date.now();
  readonly #steps = new Map<StepName, RecordedStep>();
  readonly #seen = new Set<string>();
  readonly #notes: string[] = [];
  readonly #calls: CallWatch;
  readonly #cookies = new Set<string>();
  #pending = Promise.resolve();
  #hasAnswer = false;
  #language = 'unknown';
  #onNewChat: (() => void) | undefined;

  private constructor(studio: StudioPage) {
    this.#studio = studio;
    this.#calls = watchCalls(studio.page, ({ pathname }) => {
      const rpc = rpcOf('POST', pathname, studio.kit.knowledge.wire.names);
      if (isModelRpc(rpc)) void this.#keep('answering', studio.page);
    });
    studio.kit.afterStep = async (step) => {
      const name = STEPS[step];
      if (name && !this.#hasAnswer) await this.#keep(name, studio.page);
      if (step !== NEW_CHAT_STEP || !this.#hasAnswer) return;
      await this.#keep('new chat', studio.page);
      this.#onNewChat?.();
    };
  }

  /** Begins with the empty chat that the page shows. */
  static async start(studio: StudioPage): Promise<PageRecording> {
    const recording = new PageRecording(studio);
    await recording.#keep('empty chat', studio.page);
    return recording;
  }

  /** To be called once the driver is done with the answer, before it leaves the page. */
  async answered(studio: StudioPage): Promise<void> {
    if (studio !== this.#studio) this.#notes.push('the driver went on with another page');
    await this.#keep('answered', studio.page);
    await this.#noteCookies();
    this.#hasAnswer = true;
  }

  /**
   * Waits for the next empty chat, and looks meanwhile in a second tab at how the page loads and
   * what its buttons open. Gives the recording, and the values of the browser's cookies, which must
   * not be in it.
   */
  async finish(signal: AbortSignal): Promise<{ recording: Recording; cookies: string[] }> {
    const { page } = this.#studio;
    const [second] = await Promise.all([this.#visitSecondTab(signal), this.#untilNewChat(signal)]);
    this.#studio.kit.afterStep = undefined;
    const own = await this.#calls.stop();
    await this.#pending;
    await this.#noteCookies();
    const browser = page.context().browser();
    const calls = [
      ...own.map((call) => redactCall(call, 'driver', this.#startedAt, this.#placeholders)),
      ...second,
    ].toSorted((one, other) => one.atMs - other.atMs);
    return {
      cookies: [...this.#cookies],
      recording: {
        format: 'aistudio-recording',
        version: 1,
        browser: `${browser?.browserType().name() ?? 'browser'} ${browser?.version() ?? ''}`.trim(),
        language: this.#language,
        steps: [...this.#steps.values()],
        calls,
        notes: this.#notes,
      },
    };
  }

  async #visitSecondTab(signal: AbortSignal): Promise<RecordedCall[]> {
    using limit = deadline(SECOND_TAB_MS, undefined, signal);
    try {
      const { calls, missed } = await visitSecondTab(
        this.#studio,
        (name, page) => this.#keep(name, page),
        limit.signal,
      );
      this.#notes.push(...missed);
      return calls.map((call) => redactCall(call, 'second', this.#startedAt, this.#placeholders));
    } catch {
      this.#notes.push('the second tab failed');
      return [];
    }
  }

  async #untilNewChat(signal: AbortSignal): Promise<void> {
    if (this.#steps.has('new chat')) return;
    const shown = new Promise<void>((resolve) => {
      this.#onNewChat = resolve;
    });
    using limit = deadline(NEW_CHAT_MS, undefined, signal);
    await withSignal(shown, limit.signal).catch(() => this.#notes.push('no new chat followed'));
  }

  async #noteCookies(): Promise<void> {
    const context = this.#studio.page.context();
    using limit = deadline(LOOK_MS);
    const cookies = await withSignal(context.cookies(), limit.signal).catch(() => []); // it may be gone
    for (const { value } of cookies) this.#cookies.add(value);
  }

  /** One after the other; the last look at a moment counts. */
  async #keep(name: StepName, page: Page): Promise<void> {
    this.#pending = this.#pending.then(() => this.#look(name, page));
    await this.#pending;
  }

  async #look(name: StepName, page: Page): Promise<void> {
    using limit = deadline(LOOK_MS);
    try {
      const tree = await withSignal(readTree(page), limit.signal);
      const lang = tree.attributes.find(([attribute]) => attribute === 'lang')?.[1] ?? '';
      if (/^[a-z]{2,3}(?:-[A-Z]{2})?$/.test(lang)) this.#language = lang;
      this.#steps.delete(name); // so that it has its place in time
      this.#steps.set(name, {
        name,
        atMs: Date.now() - this.#startedAt,
        path: redactPath(new URL(page.url()).pathname, this.#placeholders),
        html: redactPage(tree, this.#placeholders, {
          seen: this.#seen,
          isInChat: IN_CHAT.includes(name),
        }),
      });
    } catch {
      this.#notes.push(`the page could not be read: ${name}`);
    }
  }
}
