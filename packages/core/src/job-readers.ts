import { type Redis } from 'ioredis';

import { KEEP_MS, LEASE_MS } from './job-events.ts';
import { defineScript } from './redis-script.ts';
import { names } from './redis.ts';

/** How long after its end an answer may still be had by another reader, ms. */
const JOINABLE_MS = 60_000;

const NOW = `
  local function now()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
  end`;

const ATTEND = `${NOW}
  local function attend(key, reader, ms)
    redis.call('ZADD', key, now() + ms, reader)
    redis.call('PEXPIRE', key, ms)
  end`;

const CANCEL = `
  local function cancel(key, channel, id)
    redis.call('SET', key, '1', 'PX', ${KEEP_MS})
    redis.call('PUBLISH', channel, id)
  end`;

const renew = defineScript(
  'aistudioRenewReader',
  `${ATTEND}
  attend(KEYS[1], ARGV[1], tonumber(ARGV[2]))`,
);

const join = defineScript(
  'aistudioJoinJob',
  `${ATTEND}
  if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
  if redis.call('HEXISTS', KEYS[3], 'closed') == 1 then
    local last = redis.call('XREVRANGE', KEYS[4], '+', '-', 'COUNT', 1)[1]
    if not last or now() - tonumber(string.match(last[1], '^%d+')) > ${JOINABLE_MS} then return 0 end
    local fields = last[2]
    if cjson.decode(fields[#fields]).type ~= 'finish' then return 0 end
  elseif redis.call('EXISTS', KEYS[5]) == 0 then
    return 0
  end
  attend(KEYS[1], ARGV[1], ${LEASE_MS})
  return 1`,
);

const leave = defineScript(
  'aistudioLeaveJob',
  `${NOW}${CANCEL}
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now())
  if redis.call('ZCARD', KEYS[1]) > 0 then return 0 end
  if redis.call('HEXISTS', KEYS[3], 'closed') == 0 then cancel(KEYS[2], ARGV[2], ARGV[3]) end
  return 1`,
);

const cancelOpen = defineScript(
  'aistudioCancelJob',
  `${CANCEL}
  if redis.call('HEXISTS', KEYS[2], 'closed') == 1 then return 'ended' end
  if redis.call('EXISTS', KEYS[2], KEYS[3]) == 0 then return 'unknown' end
  cancel(KEYS[1], ARGV[1], ARGV[2])
  return 'cancelled'`,
);

/** Says that `reader` (any unique name) listens to this job, for so long. */
export async function renewReaderLease(
  redis: Redis,
  id: string,
  reader: string,
  ms = LEASE_MS,
): Promise<void> {
  await renew(redis, [names.readers(id)], [reader, ms]);
}

/**
 * Listens to a job that another reader has asked for. False, without any effect, unless it waits,
 * runs, or succeeded within the last minute: what was cancelled or failed is not to be had again.
 */
export async function joinJob(redis: Redis, id: string, reader: string): Promise<boolean> {
  const keys = [
    names.readers(id),
    names.cancelled(id),
    names.state(id),
    names.events(id),
    names.plan(id),
  ];
  return (await join(redis, keys, [reader])) === 1;
}

/**
 * Stops listening. True when nobody else listens: unless it has ended, the job is cancelled with it.
 */
export async function leaveJob(redis: Redis, id: string, reader: string): Promise<boolean> {
  const keys = [names.readers(id), names.cancelled(id), names.state(id)];
  const said = [reader, names.cancelChannel, id];
  return (await leave(redis, keys, said)) === 1;
}

/**
 * Asks whoever runs the job to stop it, whoever listens; one that still waits never starts. `ended`:
 * it was over before; `unknown`: there is no such job, or it has been over for long.
 */
export async function cancelJob(
  redis: Redis,
  id: string,
): Promise<'cancelled' | 'ended' | 'unknown'> {
  const keys = [names.cancelled(id), names.state(id), names.plan(id)];
  const found = await cancelOpen(redis, keys, [names.cancelChannel, id]);
  return found === 'cancelled' || found === 'ended' ? found : 'unknown';
}
