import { setMaxListeners } from 'node:events';

import { deadline, Condition, type Log, StudioError } from '@aistudio/core';
import { type RequestHandler, type Response } from 'express';

/** How soon a client may ask again: a restart takes some seconds. */
const RETRY_AFTER_SECONDS = 5;
/** How long the last words may take to the clients once the time for answers is over, ms. */
const LAST_WORDS_MS = 2000;

/** How the process stops without breaking off what it has begun. */
export interface Drain {
  /** Aborts when the process is told to stop: from then on nothing new is taken, and nothing waits. */
  readonly stopping: AbortSignal;
  /** Aborts when the time for begun answers is over. */
  readonly over: AbortSignal;
  /** First of all handlers: counts the requests, and has connections closed while the process stops. */
  readonly watch: RequestHandler;
  /** Refuses with `not_ready` while the process stops. */
  readonly refuse: RequestHandler;
  /** Stops. Resolves when every request is answered, or some time after `graceMs`. */
  run(graceMs: number): Promise<void>;
}

/** What a client is told that cannot be answered because the process stops. */
export const shuttingDown = (): StudioError =>
  new StudioError('not_ready', 'The server is shutting down. Send the request again.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });

/** {@link Drain} of one HTTP server. */
export function createDrain(log: Log): Drain {
  const stopping = new AbortController();
  const over = new AbortController();
  setMaxListeners(0, stopping.signal, over.signal); // as many requests as there are
  const left = new Condition();
  const open = new Set<Response>();

  const untilAnswered = async (withinMs: number): Promise<void> => {
    using limit = deadline(withinMs);
    while (open.size > 0 && !limit.signal.aborted) {
      await left.wait(withinMs, limit.signal).catch(() => undefined); // the time is up
    }
  };

  return {
    stopping: stopping.signal,
    over: over.signal,
    watch(_request, response, next) {
      open.add(response);
      response.once('close', () => {
        open.delete(response);
        left.notify();
      });
      if (stopping.signal.aborted) response.setHeader('connection', 'close');
      next();
    },
    refuse(_request, _response, next) {
      next(stopping.signal.aborted ? shuttingDown() : undefined);
    },
    async run(graceMs) {
      stopping.abort(shuttingDown());
      await untilAnswered(graceMs);
      if (open.size > 0)
        log.warn('answers are cut off: SHUTDOWN_GRACE_MS is over', { open: open.size });
      over.abort(shuttingDown());
      await untilAnswered(LAST_WORDS_MS);
    },
  };
}
