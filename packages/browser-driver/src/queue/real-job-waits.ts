import { defineScript, names } from '@aistudio/core';
import { type Redis } from 'ioredis';

/** How many waiting jobs are looked at. */
const LOOK_AT = 500;

const look = defineScript(
  'aistudioRealJobWaits',
  `
  local left = {}
  for i = 2, #ARGV do left[ARGV[i]] = true end
  local function isOne(id)
    local data = redis.call('HGET', ARGV[1] .. id, 'data')
    local job = data and cjson.decode(data)
    return job and not job.isBackground and not left[job.model]
  end
  for _, id in ipairs(redis.call('LRANGE', KEYS[1], -${LOOK_AT}, -1)) do
    if isOne(id) then return 1 end
  end
  for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, ${LOOK_AT - 1})) do
    if isOne(id) then return 1 end
  end
  return 0`,
);

/** Whether a job waits that somebody waits for, and whose model is not left to `others`. */
export async function realJobWaits(redis: Redis, others: ReadonlySet<string>): Promise<boolean> {
  const keys = [names.queued('wait'), names.queued('prioritized')];
  return Number(await look(redis, keys, [names.queued(''), ...others])) === 1;
}
