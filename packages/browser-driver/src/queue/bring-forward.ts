import { defineScript, names } from '@aistudio/core';
import { type Redis } from 'ioredis';

/** How many waiting jobs are looked at. */
const LOOK_AT = 500;

/**
 * BullMQ takes jobs from the right end of `wait` first, then the lowest of `prioritized`. A job that is
 * brought forward goes to that right end.
 */
const bring = defineScript(
  'aistudioBringForward',
  `
  local left = {}
  for i = 2, #ARGV do left[ARGV[i]] = true end
  local function isOurs(id)
    local data = redis.call('HGET', ARGV[1] .. id, 'data')
    return not data or not left[cjson.decode(data).model]
  end
  local waiting = redis.call('LRANGE', KEYS[1], -${LOOK_AT}, -1)
  for i = #waiting, 1, -1 do
    if isOurs(waiting[i]) then
      if i < #waiting then
        redis.call('LREM', KEYS[1], -1, waiting[i])
        redis.call('RPUSH', KEYS[1], waiting[i])
      end
      return 'one'
    end
  end
  local prioritized = redis.call('ZRANGE', KEYS[2], 0, ${LOOK_AT - 1})
  for i, id in ipairs(prioritized) do
    if isOurs(id) then
      if i > 1 or #waiting > 0 then
        redis.call('ZREM', KEYS[2], id)
        redis.call('RPUSH', KEYS[1], id)
      end
      return 'one'
    end
  end
  return #waiting + #prioritized > 0 and 'only others' or 'none'`,
);

/**
 * Makes the first waiting job whose model is not one of `others` the first of all. `only others`: each
 * that waits is for such a model; `none`: nothing waits.
 */
export async function bringForward(
  redis: Redis,
  others: ReadonlySet<string>,
): Promise<'one' | 'only others' | 'none'> {
  const keys = [names.queued('wait'), names.queued('prioritized')];
  const found = await bring(redis, keys, [names.queued(''), ...others]);
  return found === 'only others' || found === 'none' ? found : 'one';
}
