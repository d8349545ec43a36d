import { type IncomingHttpHeaders } from 'node:http';

import { type Draft } from '../../files/remote-file.ts';
import { type BackgroundGate, createBackgroundGate, type RealPrompt } from './background-gate.ts';
import { type BackgroundTask, backgroundTaskOf } from './background-task.ts';
import { isOfChatProgram } from './chat-program.ts';
import { RecentPrompts } from './recent-prompts.ts';

/** How background prompts are told and held back. */
export interface BackgroundOptions {
  /** How long one waits for a real prompt to go first, ms. */
  readonly delayMs: number;
  /** Further wordings by which they are told, in small letters. */
  readonly phrases: readonly string[];
}

/** Tells the prompts that chat programs send by themselves from those that somebody waits for. */
export class BackgroundPrompts {
  readonly #gate: BackgroundGate;
  readonly #phrases: readonly string[];
  readonly #recent = new RecentPrompts();

  constructor({ delayMs, phrases }: BackgroundOptions) {
    this.#gate = createBackgroundGate(delayMs);
    this.#phrases = phrases;
  }

  /** The task of a background prompt; undefined for a real one. `key`: id of the caller. */
  recognise(plan: Draft, key: string, headers: IncomingHttpHeaders): BackgroundTask | undefined {
    const task = backgroundTaskOf(plan.turns, {
      hasTools: plan.settings.functions.length > 0,
      recent: this.#recent.of(key),
      isOfChatProgram: isOfChatProgram(headers),
      phrases: this.#phrases,
    });
    if (!task) this.#recent.note(key, plan.turns);
    return task;
  }

  /** Notes a real prompt, until it is disposed. */
  begin(): RealPrompt {
    return this.#gate.begin();
  }

  /** Resolves when a background prompt may enter the queue. Rejects with the reason of `signal`. */
  hold(signal: AbortSignal): Promise<void> {
    return this.#gate.pass(signal);
  }
}
