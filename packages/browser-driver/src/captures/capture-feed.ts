import { setImmediate as turn } from 'node:timers/promises';

import {
  CaptureRecord,
  Condition,
  duplicateConnection,
  isAfter,
  type Log,
  type ModelInfo,
  names,
  recordsIn,
} from '@aistudio/core';
import { type Redis } from 'ioredis';

import { createCaptureOrder } from './capture-order.ts';

/** Longest time one read waits at Redis, and after which its connection counts as dead, ms. */
const BLOCK_MS = 2000;
const SILENCE_MS = 2 * BLOCK_MS;

/** One listener's view of a slot's captures. Dispose it to stop listening. */
export interface CaptureReader extends Disposable {
  /** The next record; undefined after `timeoutMs` without one. Throws the signal's reason. */
  next(timeoutMs: number, signal: AbortSignal): Promise<CaptureRecord | undefined>;
}

/** What the stream proxy saw of one slot's traffic, as it comes. */
export interface CaptureFeed extends AsyncDisposable {
  /**
   * Listens from now on. "Now" is a position in the stream: what the page did before this call is
   * never seen, however late it is read.
   */
  follow(): Promise<CaptureReader>;
}

/**
 * Reads a slot's capture stream without a break, so that nothing has to be set up when a prompt is
 * sent. `onModels` hears of every model list.
 */
export function createCaptureFeed(
  redis: Redis,
  slot: string,
  onModels: (models: ModelInfo[]) => void,
  log: Log,
): CaptureFeed {
  const connection = duplicateConnection(redis, SILENCE_MS);
  const readers = new Set<Inbox>();
  const closing = new AbortController();
  const inOrder = createCaptureOrder();

  const deliver = (position: string, text: string): void => {
    const parsed = CaptureRecord.safeParse(JSON.parse(text));
    if (!parsed.success) {
      log.error('capture record of an unknown shape: do all processes have one version?', { slot });
      return;
    }
    const record = inOrder(parsed.data);
    if (!record) return;
    if (record.type === 'models') onModels(record.models);
    for (const reader of readers) reader.put(position, record);
  };

  const read = async (): Promise<void> => {
    let cursor = '0';
    while (!closing.signal.aborted) {
      try {
        const key = names.capture(slot);
        const reply = await connection.xread('BLOCK', BLOCK_MS, 'STREAMS', key, cursor);
        for (const [position, fields] of reply?.[0]?.[1] ?? []) {
          cursor = position;
          for (const text of recordsIn(fields)) deliver(position, text);
        }
        await turn(); // what was delivered goes on its way before we ask for more
      } catch (error) {
        if (!closing.signal.aborted)
          log.warn('reading captures failed, trying again', { slot, error });
      }
    }
  };
  const reading = read();

  return {
    async follow() {
      const [last] = await redis.xrevrange(names.capture(slot), '+', '-', 'COUNT', 1);
      const reader = new Inbox(last?.[0] ?? '0-0', () => readers.delete(reader));
      readers.add(reader);
      return reader;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      connection.disconnect();
      await reading;
    },
  };
}

/** What has come for one listener and was not taken yet. */
class Inbox implements CaptureReader {
  readonly #start: string;
  readonly #leave: () => void;
  readonly #records: CaptureRecord[] = [];
  readonly #arrived = new Condition();

  constructor(start: string, leave: () => void) {
    this.#start = start;
    this.#leave = leave;
  }

  put(position: string, record: CaptureRecord): void {
    if (!isAfter(position, this.#start)) return;
    this.#records.push(record);
    this.#arrived.notify();
  }

  async next(timeoutMs: number, signal: AbortSignal): Promise<CaptureRecord | undefined> {
    signal.throwIfAborted();
    if (this.#records.length === 0) await this.#arrived.wait(timeoutMs, signal);
    return this.#records.shift();
  }

  [Symbol.dispose](): void {
    this.#leave();
    this.#arrived.notify();
  }
}
