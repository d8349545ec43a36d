import { type Redis } from 'ioredis';
import { z } from 'zod';

import { defineScript } from './redis-script.ts';

/** Entries that expire, each under a key of its own, and a set that says which there are. */
export interface ExpiringEntries {
  /** Key of the set. */
  readonly index: string;
  /** Key of an entry; begins with what it gives for an empty name. */
  readonly keyOf: (name: string) => string;
}

const write = defineScript(
  'aistudioWriteEntry',
  `
  redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
  redis.call('SADD', KEYS[1], ARGV[1])`,
);

const readAll = defineScript(
  'aistudioReadEntries',
  `
  local found = {}
  for _, name in ipairs(redis.call('SMEMBERS', KEYS[1])) do
    local value = redis.call('GET', ARGV[1] .. name)
    if value then
      table.insert(found, value)
    else
      redis.call('SREM', KEYS[1], name)
    end
  end
  return found`,
);

/** Writes an entry that is gone after `ms` by Redis' clock. */
export async function writeEntry(
  redis: Redis,
  { index, keyOf }: ExpiringEntries,
  name: string,
  value: string,
  ms: number,
): Promise<void> {
  await write(redis, [index, keyOf(name)], [name, value, ms]);
}

/** The values that have not expired; the names of the others are forgotten. */
export async function readEntries(
  redis: Redis,
  { index, keyOf }: ExpiringEntries,
): Promise<string[]> {
  return z.array(z.string()).parse(await readAll(redis, [index], [keyOf('')]));
}
