import { randomUUID } from 'node:crypto';

import {
  type CaptureRecord,
  Condition,
  deadline,
  type EventLoopWatch,
  type Log,
  type ModelInfo,
  names,
} from '@aistudio/core';
import { type Redis } from 'ioredis';

/** More records than any answer has; the driver reads along. */
const MAX_RECORDS = 50_000;
/** A new exchange drops records older than this, and after the last one all of them go so soon, ms. */
const KEEP_MS = 10 * 60_000;
/** Longer than any answer takes, ms. */
const EXPIRE_MS = 3_600_000;

type WithoutExchange<T> = T extends { exchange: string } ? Omit<T, 'exchange' | 'index'> : never;
/** A record of one exchange, which the exchange itself puts its name and number on. */
export type ExchangeRecord = WithoutExchange<CaptureRecord>;

/** One exchange with a model in its slot's capture stream: records in order, the `end` last. */
export interface Exchange {
  readonly id: string;
  /**
   * Writes at once, what is given together as one entry, without waiting for Redis. After `end` nothing
   * more is written.
   */
  write(...records: readonly ExchangeRecord[]): void;
}

/** Writes what passes through the proxy to the slots' capture streams. */
export interface Capture {
  begin(slot: string): Exchange;
  writeModels(slot: string, models: ModelInfo[]): void;
  /** Resolves when every exchange that began has ended, and Redis has its end, or after `withinMs`. */
  untilIdle(withinMs: number): Promise<void>;
  /** Records that did not reach Redis. */
  readonly lost: number;
}

/**
 * Writes through one connection, which keeps the order. A connection that broke before the reply
 * writes again: the reader knows a repeated record, and a missing one, by its index. When Redis
 * refuses a record its exchange ends `undecodable`, so that the driver reads the page instead. `eventLoop`
 * hears of each exchange from its beginning to its end.
 */
export function createCapture(
  redis: Pick<Redis, 'xadd' | 'pexpire'>,
  log: Log,
  eventLoop?: Pick<EventLoopWatch, 'during'>,
): Capture {
  let lost = 0;
  /** The slot of each exchange that goes on. */
  const open = new Map<string, string>();
  const ended = new Condition();
  /** Epoch ms by Redis' clock at which `performance.now()` was 0: our own clock may be wrong. */
  let clockStart: number | undefined;
  const readClock = (position: string | null): void => {
    if (position !== null) clockStart = Number.parseInt(position, 10) - performance.now();
  };

  const write = async (
    slot: string,
    records: readonly CaptureRecord[],
    onLost: (error: unknown) => void,
  ): Promise<void> => {
    const key = names.capture(slot);
    const fields = records.flatMap((record) => ['record', JSON.stringify(record)]);
    const entry = ['*', ...fields] as const;
    const isFirst = records.some(({ type }) => type === 'request' || type === 'models');
    const ending = records.flatMap((record) => (record.type === 'end' ? [record.exchange] : []));
    const isLast =
      ending.length > 0 &&
      !Array.from(open).some(([id, of]) => of === slot && !ending.includes(id));
    const oldest = isFirst && clockStart !== undefined && clockStart + performance.now() - KEEP_MS;
    const added = oldest
      ? redis.xadd(key, 'MINID', '~', Math.floor(oldest), ...entry)
      : redis.xadd(key, 'MAXLEN', '~', MAX_RECORDS, ...entry);
    const replies: Promise<unknown>[] = [added.then(readClock)];
    if (isFirst) replies.push(redis.pexpire(key, EXPIRE_MS));
    if (isLast) replies.push(redis.pexpire(key, KEEP_MS));
    await Promise.all(replies).catch((error: unknown) => {
      lost += records.length;
      onLost(error);
    });
    for (const exchange of ending) if (open.delete(exchange)) ended.notify();
  };

  return {
    get lost() {
      return lost;
    },
    async untilIdle(withinMs) {
      using limit = deadline(withinMs);
      while (open.size > 0 && !limit.signal.aborted) {
        await ended.wait(withinMs, limit.signal).catch(() => undefined); // the time is up
      }
    },
    begin(slot) {
      const id = randomUUID();
      open.set(id, slot);
      const presence = eventLoop?.during(id);
      let state: 'open' | 'ended' | 'lost' = 'open';
      let index = 0;
      const lose = (error: unknown): void => {
        if (state === 'lost') return;
        state = 'lost';
        presence?.[Symbol.dispose]();
        log.error('capture lost', { slot, exchange: id, error });
        const end = { type: 'end', end: 'undecodable', unknownFrames: 0 } as const;
        void write(slot, [{ ...end, exchange: id, index: index++ }], () => undefined); // counted; the driver’s own deadline remains
      };
      return {
        id,
        write(...records) {
          const whole: CaptureRecord[] = [];
          for (const record of records) {
            if (state !== 'open') break;
            if (record.type === 'end') {
              state = 'ended';
              presence?.[Symbol.dispose]();
            }
            whole.push({ ...record, exchange: id, index: index++ });
          }
          if (whole.length > 0) void write(slot, whole, lose);
        },
      };
    },
    writeModels(slot, models) {
      void write(slot, [{ type: 'models', models }], (error) => {
        log.error('model list lost', { slot, error });
      });
    },
  };
}
