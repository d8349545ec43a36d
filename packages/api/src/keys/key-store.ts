import { randomUUID } from 'node:crypto';

import { type Log, names, StudioError } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { inTime } from '../http/in-time.ts';
import { requireRedis } from '../jobs/admission.ts';
import { StoredKey } from './stored-key.ts';

const REDIS_LIMIT_MS = 1000;

/** Scripts, so that the keys never change without their version, whatever fails. */
const ADD = `
  redis.call('SET', KEYS[1], ARGV[1])
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])`;
const REMOVE = `
  if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 0 then return 0 end
  redis.call('SET', KEYS[1], ARGV[1])
  redis.call('HDEL', KEYS[3], ARGV[2])
  return redis.call('HDEL', KEYS[2], ARGV[2])`;

/** The keys that were made by way of `/api/keys`. */
export interface KeyTable {
  readonly keys: readonly StoredKey[];
  /** Whether there are or were any. */
  readonly hasEverHad: boolean;
}

/** Where those keys are kept. */
export interface KeyStore {
  /** As they are now; while Redis is away, as they were last. Throws `not_ready` when that is not known. */
  read(): Promise<KeyTable>;
  add(key: StoredKey): Promise<void>;
  /** False when there is no such key. */
  remove(id: string): Promise<boolean>;
  /** Notes that a key is used. Never throws. */
  touch(id: string): void;
  /** When each key was used last, epoch ms by id; a key that never was is left out. */
  lastUses(): Promise<ReadonlyMap<string, number>>;
}

/**
 * {@link KeyStore} in Redis, shared by all API processes. Each change gives the table a new version,
 * and each reading asks for that alone: what one process revokes the others refuse at once.
 */
export function createKeyStore(redis: Redis, log: Log): KeyStore {
  let known: { readonly version: string | null; readonly table: KeyTable } | undefined;
  const { keys, keysVersion, keyUses } = names;

  const refresh = async (): Promise<KeyTable> => {
    const version = await redis.get(keysVersion); // before the keys: these may be newer, never older
    if (known?.version === version) return known.table;
    const stored = Object.values(await redis.hgetall(keys));
    const table = {
      keys: stored.map((text) => StoredKey.parse(JSON.parse(text))),
      hasEverHad: version !== null,
    };
    known = { version, table };
    return table;
  };

  return {
    async read() {
      if (known && redis.status !== 'ready') return known.table;
      requireRedis(redis);
      return inTime(refresh(), REDIS_LIMIT_MS).catch((cause: unknown) => {
        throw new StudioError('not_ready', 'The API keys cannot be looked up at the moment.', {
          cause,
          retryAfterSeconds: 2,
        });
      });
    },
    async add(key) {
      requireRedis(redis);
      await redis.eval(ADD, 2, keysVersion, keys, randomUUID(), key.id, JSON.stringify(key));
    },
    async remove(id) {
      requireRedis(redis);
      return (await redis.eval(REMOVE, 3, keysVersion, keys, keyUses, randomUUID(), id)) === 1;
    },
    touch(id) {
      if (redis.status !== 'ready') return;
      redis.hset(keyUses, id, Date.now()).catch((error: unknown) => {
        log.debug('use of a key not noted', { keyId: id, error });
      });
    },
    async lastUses() {
      requireRedis(redis);
      const uses = Object.entries(await redis.hgetall(keyUses));
      return new Map(uses.map(([id, at]) => [id, Number(at)]));
    },
  };
}
