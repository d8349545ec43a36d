import { randomUUID } from 'node:crypto';

import { type CaptureRecord, type Log, type ModelInfo, names } from '@aistudio/core';
import { type Redis } from 'ioredis';

/** More records than any answer has; the driver reads along. */
const MAX_RECORDS = 50_000;
/** A new exchange drops records older than this. ms */
const KEEP_MS = 10 * 60_000;
const EXPIRE_SECONDS = 3600;

type WithoutExchange<T> = T extends { exchange: string } ? Omit<T, 'exchange' | 'index'> : never;
/** A record of one exchange, which the exchange itself puts its name and number on. */
export type ExchangeRecord = WithoutExchange<CaptureRecord>;

/** One exchange with a model in its slot's capture stream: records in order, the `end` last. */
export interface Exchange {
  readonly id: string;
  /** Writes at once, without waiting for Redis. After `end` nothing more is written. */
  write(record: ExchangeRecord): void;
}

/** Writes what passes through the proxy to the slots' capture streams. */
export interface Capture {
  begin(slot: string): Exchange;
  writeModels(slot: string, models: ModelInfo[]): void;
  /** Records that did not reach Redis. */
  readonly lost: number;
}

/**
 * Writes through one connection, which keeps the order. A connection that broke before the reply
 * writes again: the reader knows a repeated record, and a missing one, by its index. When Redis
 * refuses a record its exchange ends `undecodable`, so that the driver reads the page instead.
 */
export function createCapture(redis: Pick<Redis, 'xadd' | 'expire'>, log: Log): Capture {
  let lost = 0;

  const write = (slot: string, record: CaptureRecord, onLost: (error: unknown) => void): void => {
    const key = names.capture(slot);
    const entry = ['*', 'record', JSON.stringify(record)] as const;
    const isFirst = record.type === 'request' || record.type === 'models';
    const replies = isFirst
      ? [
          redis.xadd(key, 'MINID', '~', Date.now() - KEEP_MS, ...entry),
          redis.expire(key, EXPIRE_SECONDS),
        ]
      : [redis.xadd(key, 'MAXLEN', '~', MAX_RECORDS, ...entry)];
    Promise.all<unknown>(replies).catch((error: unknown) => {
      lost += 1;
      onLost(error);
    });
  };

  return {
    get lost() {
      return lost;
    },
    begin(slot) {
      const id = randomUUID();
      let state: 'open' | 'ended' | 'lost' = 'open';
      let index = 0;
      const lose = (error: unknown): void => {
        if (state === 'lost') return;
        state = 'lost';
        log.error('capture lost', { slot, exchange: id, error });
        const end = { type: 'end', end: 'undecodable', unknownFrames: 0 } as const;
        write(slot, { ...end, exchange: id, index: index++ }, () => undefined); // counted; the driver’s own deadline remains
      };
      return {
        id,
        write(record) {
          if (state !== 'open') return;
          if (record.type === 'end') state = 'ended';
          write(slot, { ...record, exchange: id, index: index++ }, lose);
        },
      };
    },
    writeModels(slot, models) {
      write(slot, { type: 'models', models }, (error) => {
        log.error('model list lost', { slot, error });
      });
    },
  };
}
