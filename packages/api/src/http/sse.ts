import { once } from 'node:events';
import { type ServerResponse } from 'node:http';

import { deadline } from '@aistudio/core';

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
} as const;

/** A frame that is no event; the safest thing to send for nothing (openai-behaviours S-20). */
export const COMMENT = ': keep-alive\n\n';

/** One event's data, which is one line, as a frame (S-02). */
export const toFrame = (data: string): string => `data: ${data}\n\n`;

/** How a stream of server-sent events behaves. */
export interface SseOptions {
  /** Longest silence before `keepAlive` is sent, ms. */
  readonly keepAliveMs: number;
  /** Gives a whole frame: {@link COMMENT}, or an event that says nothing. */
  readonly keepAlive: () => string;
  /** The trailer that follows the events. Announced with them, so never on an answer of another kind. */
  readonly trailer?: string;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  /** Epoch ms after which a client that still takes nothing is given up; asked for when one does. */
  readonly giveUpAt: () => number;
  /** The last event's data after a failure that came too late for a status. */
  readonly toFailure: (error: unknown) => string;
}

/**
 * Sends each item as one event's data, whole, and waits while the client cannot take more. The
 * status line goes out with the first event or the first keep-alive: until then a failure is thrown, so
 * that it can still become a real status; after that it ends the stream as its last event. A client
 * that has stopped reading is cut off at `giveUpAt`.
 */
export async function sendEvents(
  response: ServerResponse,
  items: AsyncIterable<string>,
  { keepAliveMs, keepAlive, trailer, signal, giveUpAt, toFailure }: SseOptions,
): Promise<void> {
  const write = (frame: string): boolean => {
    if (!response.headersSent) {
      if (trailer !== undefined) response.setHeader('trailer', trailer);
      response.writeHead(200, HEADERS);
    }
    holdUntilTurnEnds(response);
    return response.write(frame);
  };
  const silence = setInterval(() => {
    if (!signal.aborted && !response.writableNeedDrain) write(keepAlive());
  }, keepAliveMs);
  try {
    for await (const data of items) {
      const canTakeMore = write(toFrame(data));
      silence.refresh();
      if (!canTakeMore) await drained(response, giveUpAt() - Date.now(), signal);
    }
  } catch (error) {
    if (!response.headersSent || response.destroyed || signal.aborted) throw error;
    write(toFrame(toFailure(error)));
  } finally {
    clearInterval(silence);
  }
  response.end();
}

/**
 * What is written in one turn of the event loop goes out together; nothing waits for the next turn. It
 * is the socket that is held: Node 24 loses what a held response has when it ends in the same turn.
 */
function holdUntilTurnEnds({ socket }: ServerResponse): void {
  if (!socket || socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}

/** Resolves when the client takes more. Cuts the connection, and rejects, when it does not in time. */
async function drained(
  response: ServerResponse,
  withinMs: number,
  signal: AbortSignal,
): Promise<void> {
  using limit = deadline(
    Math.max(0, withinMs),
    () => new Error('the client stopped reading'),
    signal,
  );
  try {
    await once(response, 'drain', { signal: limit.signal });
  } catch (error) {
    if (!signal.aborted) response.destroy();
    throw error;
  }
}
