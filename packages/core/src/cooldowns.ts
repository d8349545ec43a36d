import { type Redis } from 'ioredis';
import { z } from 'zod';

import { defineScript } from './redis-script.ts';
import { names } from './redis.ts';

const NOW = `
  local function now()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
  end`;

const set = defineScript(
  'aistudioSetCooldown',
  `${NOW}
  local ms = tonumber(ARGV[2])
  redis.call('HSET', KEYS[1], ARGV[1], cjson.encode({ till = now() + ms, reason = ARGV[3] }))
  if redis.call('PTTL', KEYS[1]) < ms then redis.call('PEXPIRE', KEYS[1], ms) end`,
);

const read = defineScript(
  'aistudioReadCooldowns',
  `${NOW}
  local found = {}
  for i, key in ipairs(KEYS) do
    local entries = redis.call('HGETALL', key)
    for j = 1, #entries, 2 do
      local entry = cjson.decode(entries[j + 1])
      local left = entry.till - now()
      if left > 0 then
        table.insert(found, { i - 1, entries[j], left, entry.reason })
      else
        redis.call('HDEL', key, entries[j])
      end
    end
  end
  return found`,
);

/** One account's pause with one model after a quota answer. */
export interface Cooldown {
  readonly account: string;
  readonly model: string;
  /** How much longer it lasts, ms. */
  readonly ms: number;
  /** What AI Studio said. */
  readonly reason: string;
}

const Found = z.array(z.tuple([z.int(), z.string(), z.number(), z.string()]));

/** Lets a model rest for one account, whose quota of it is used up. */
export async function setCooldown(
  redis: Redis,
  { account, model, ms, reason }: Cooldown,
): Promise<void> {
  await set(redis, [names.cooldowns(account)], [model, Math.ceil(ms), reason]);
}

/** What rests for these accounts at present. */
export async function readCooldowns(
  redis: Redis,
  accounts: readonly string[],
): Promise<Cooldown[]> {
  if (accounts.length === 0) return [];
  const found = Found.parse(await read(redis, accounts.map(names.cooldowns), []));
  return found.map(([index, model, ms, reason]) => ({
    account: accounts[index] ?? '',
    model,
    ms,
    reason,
  }));
}
