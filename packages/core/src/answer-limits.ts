import { StudioError } from './errors.ts';

/** How long an answer may take to continue. */
export interface AnswerLimits {
  /** Longest time from the request to the first piece of the answer; thinking is one, ms. */
  readonly firstTokenMs: number;
  /** Longest time between two pieces after that, ms. */
  readonly silenceMs: number;
}

/** Watches over an answer that is awaited. Disposing ends the watch. */
export interface AnswerWatch extends Disposable {
  /** Aborts with a `timeout` that names the limit, or as soon and with what the given signal does. */
  readonly signal: AbortSignal;
  /** To be called for each piece of the answer. */
  readonly noteProgress: () => void;
}

/**
 * Starts the watch, as the request leaves. The first piece has a limit of its own: some models think
 * for a minute before they show any of it, while an answer that stops for as long is lost. `who`
 * answers; the message begins with it.
 */
export function watchAnswer(
  { firstTokenMs, silenceMs }: AnswerLimits,
  who: string,
  signal: AbortSignal,
): AnswerWatch {
  const limit = new AbortController();
  const end = (words: string): void => limit.abort(new StudioError('timeout', `${who} ${words}.`));
  let hasBegun = false;
  let timer = setTimeout(
    end,
    firstTokenMs,
    `sent nothing of an answer within ${firstTokenMs / 1000} s (FIRST_TOKEN_TIMEOUT_MS)`,
  );
  return {
    signal: AbortSignal.any([signal, limit.signal]),
    noteProgress() {
      if (hasBegun) timer.refresh();
      else {
        hasBegun = true;
        clearTimeout(timer);
        timer = setTimeout(
          end,
          silenceMs,
          `was silent for ${silenceMs / 1000} s in the middle of its answer (SILENCE_TIMEOUT_MS)`,
        );
      }
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
    },
  };
}
