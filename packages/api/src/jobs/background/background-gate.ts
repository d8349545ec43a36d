import { EventEmitter, once } from 'node:events';

import { deadline } from '@aistudio/core';

/** A real prompt, until it is disposed: somebody waits for its answer. */
export interface RealPrompt extends Disposable {
  /** It is in the queue: what comes now is behind it. */
  entered(): void;
}

/** Lets real prompts go first that come a moment after a background prompt. */
export interface BackgroundGate {
  /** Notes a real prompt. */
  begin(): RealPrompt;
  /**
   * Resolves when a background prompt may enter the queue: at once where real prompts wait or run, behind
   * which it will stand; as soon as a real one that came meanwhile has entered; else after the delay.
   * Rejects with the reason of `signal`.
   */
  pass(signal: AbortSignal): Promise<void>;
}

/**
 * Chat programs send a background prompt just before the person's own, or when an answer has just
 * ended and the next prompt is about to come: it waits `delayMs` first.
 */
export function createBackgroundGate(delayMs: number): BackgroundGate {
  const events = new EventEmitter().setMaxListeners(0);
  let waiting = 0;
  return {
    begin() {
      let hasEntered = false;
      return {
        entered() {
          if (hasEntered) return;
          hasEntered = true;
          waiting += 1;
          events.emit('entered');
        },
        [Symbol.dispose]() {
          if (hasEntered) waiting -= 1;
          hasEntered = false;
        },
      };
    },
    async pass(signal) {
      if (delayMs === 0 || waiting > 0) return;
      using limit = deadline(delayMs, undefined, signal);
      await once(events, 'entered', { signal: limit.signal }).catch(() => signal.throwIfAborted());
    },
  };
}
