import { defineScript, names, StudioError } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { type KeyPriority } from '../../keys/caller.ts';
import { COST, FAIR_TURN, HAS_SHARE } from './fair-turn.ts';

/** How long a job may take from its place to BullMQ's queue before the place is given away, ms. */
const ENTRY_MS = 10_000;
/** What the script answers in place of a turn. */
const FULL = -1;
const TOO_MANY_BYTES = -2;

/** A prompt that is to get its turn. */
export interface QueueEntry {
  /** Id of the caller whose prompt it is. */
  readonly owner: string;
  readonly priority: KeyPriority;
  readonly isBackground: boolean;
}

/** How much may wait. */
export interface QueueLimits {
  /** Prompts that wait. */
  readonly prompts: number;
  /** All stored plans together, those of running prompts included. */
  readonly bytes: number;
  /** How long a plan is kept unless it is released before, ms. */
  readonly planLifetimeMs: number;
}

/** The queue's places, in Redis, so that any number of API processes share one exact limit. */
export interface QueuePlaces {
  /** Throws `queue_full` when a prompt of this owner would not get a place now. */
  require(owner: string): Promise<void>;
  /**
   * Takes a place for a job with a plan of this size, and gives its turn: lower turns run first, equal
   * ones in order of arrival. The job must be in the queue within seconds, or the place is lost. Throws
   * `queue_full`, and `request_too_large` for a plan that never fits.
   */
  take(id: string, entry: QueueEntry, bytes: number): Promise<number>;
  /** To be called once the job is in the queue, whose own sets count it from then on. */
  confirm(id: string): Promise<void>;
  /** Gives the job's place back, and deletes its plan. */
  release(id: string): Promise<void>;
}

/** A Lua expression that gives the name of a key of `variable`. */
const luaName = (name: (of: string) => string, variable: string): string =>
  name('\0')
    .split('\0')
    .map((part) => `'${part}'`)
    .join(` .. ${variable} .. `);

const QUEUE = `${names.queuePrefix}:${names.queue}`;
const KEYS = [
  `${QUEUE}:prioritized`,
  `${QUEUE}:wait`,
  `${QUEUE}:delayed`,
  `${QUEUE}:active`,
  names.entering,
  names.queueOwners,
  names.storedPlans,
  names.planExpiries,
  names.storedBytes,
  names.storedCount,
];

const RELEASE = `
  local prioritized, wait, delayed, active = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
  local entering, owners = KEYS[5], KEYS[6]
  local plans, expiries, storedBytes, storedCount = KEYS[7], KEYS[8], KEYS[9], KEYS[10]
  local function realTurns(owner) return ${luaName(names.turns, 'owner')} end
  local function backgroundTurns(owner) return ${luaName(names.backgroundTurns, 'owner')} end
  local function release(id)
    redis.call('ZREM', entering, id)
    redis.call('ZREM', expiries, id)
    redis.call('DEL', ${luaName(names.plan, 'id')}, ${luaName(names.files, 'id')})
    local stored = redis.call('HGET', plans, id)
    if not stored then return end
    local plan = cjson.decode(stored)
    redis.call('HDEL', plans, id)
    redis.call('DECRBY', storedBytes, plan.bytes)
    redis.call('ZREM', realTurns(plan.owner), id)
    redis.call('ZREM', backgroundTurns(plan.owner), id)
  end`;

/**
 * BullMQ's own sets say what waits; here is only added who owns it and what is on its way there. A job
 * that a worker has taken, or that vanished with its process, is recognised by its absence from those
 * sets, so no count can drift: the ends of a caller's turns are cleaned before they are looked at.
 */
const take = defineScript(
  'aistudioTakePlace',
  `${RELEASE}${FAIR_TURN}${HAS_SHARE}
  local id, owner, isBackground, cost = ARGV[1], ARGV[2], ARGV[3] == '1', tonumber(ARGV[4])
  local limit, bytes, maxBytes, lifetime = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local function jobKey(job) return '${QUEUE}:' .. job end

  if id ~= '' and redis.call('HEXISTS', plans, id) == 1 then
    local turn = redis.call('ZSCORE', realTurns(owner), id) or redis.call('ZSCORE', backgroundTurns(owner), id)
    return tonumber(turn or cost) -- the command was sent again because its reply was lost
  end

  local onTheirWay = redis.call('ZRANGE', entering, 0, -1, 'WITHSCORES')
  for i = 1, #onTheirWay, 2 do
    if tonumber(onTheirWay[i + 1]) <= now or redis.call('EXISTS', jobKey(onTheirWay[i])) == 1 then
      redis.call('ZREM', entering, onTheirWay[i])
    end
  end
  for _, expired in ipairs(redis.call('ZRANGEBYSCORE', expiries, '-inf', now)) do release(expired) end

  local function isWaiting(job)
    return redis.call('ZSCORE', prioritized, job) or redis.call('ZSCORE', delayed, job)
      or redis.call('ZSCORE', entering, job)
  end
  local function clean(key)
    for _, at in ipairs({0, -1}) do
      local job = redis.call('ZRANGE', key, at, at)[1]
      while job and not isWaiting(job) do
        redis.call('ZREM', key, job)
        job = redis.call('ZRANGE', key, at, at)[1]
      end
    end
    return redis.call('ZCARD', key)
  end
  local function countOf(one) return clean(realTurns(one)) + clean(backgroundTurns(one)) end
  local own = countOf(owner)

  local total = redis.call('ZCARD', prioritized) + redis.call('LLEN', wait) + redis.call('ZCARD', delayed)
    + redis.call('ZCARD', entering)
  if total >= limit then
    local others = 0
    for _, one in ipairs(redis.call('SMEMBERS', owners)) do
      if one ~= owner then
        if countOf(one) == 0 then redis.call('SREM', owners, one) else others = others + 1 end
      end
    end
    if not hasShare(own, others + 1, limit) then return ${FULL} end
  end
  if id == '' then return 0 end

  local function isFull() return tonumber(redis.call('GET', storedBytes) or 0) + bytes > maxBytes end
  if isFull() then
    for _, job in ipairs(redis.call('HKEYS', plans)) do
      if redis.call('HEXISTS', ${luaName(names.state, 'job')}, 'closed') == 1 then release(job) end
    end
    if isFull() then return ${TOO_MANY_BYTES} end
  end

  local clock = 0
  local running = redis.call('LRANGE', active, 0, -1)
  for _, job in ipairs(running) do
    clock = math.max(clock, tonumber(redis.call('HGET', jobKey(job), 'priority') or 0))
  end
  if #running == 0 then
    local first = redis.call('ZRANGE', prioritized, 0, 0, 'WITHSCORES')[2]
    clock = math.floor(tonumber(first or 0) / 0x100000000) -- BullMQ keeps the order of arrival below
  end
  local function lastOf(key) return tonumber(redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')[2] or 0) end
  local turn = fairTurn(clock, lastOf(realTurns(owner)), lastOf(backgroundTurns(owner)), isBackground, cost)
  local turns = isBackground and backgroundTurns(owner) or realTurns(owner)
  redis.call('ZADD', turns, turn, id)
  redis.call('PEXPIRE', turns, lifetime)
  redis.call('SADD', owners, owner)
  redis.call('ZADD', entering, now + ${ENTRY_MS}, id)
  redis.call('HSET', plans, id, cjson.encode({ owner = owner, bytes = bytes }))
  redis.call('ZADD', expiries, now + lifetime, id)
  redis.call('INCRBY', storedBytes, bytes)
  redis.call('INCR', storedCount)
  return turn`,
);

const release = defineScript('aistudioReleasePlace', `${RELEASE} release(ARGV[1])`);

/** Shares {@link QueuePlaces} with whoever uses the same Redis. */
export function createQueuePlaces(redis: Redis, limits: QueueLimits): QueuePlaces {
  const run = async (id: string, entry: QueueEntry, bytes: number): Promise<number> => {
    const { owner, isBackground, priority } = entry;
    const who = [id, owner, isBackground ? '1' : '0', COST[priority]];
    const within = [limits.prompts, bytes, limits.bytes, limits.planLifetimeMs];
    const turn = Number(await take(redis, KEYS, [...who, ...within]));
    if (turn === FULL) throw queueFull('Too many prompts are waiting (QUEUE_LIMIT).');
    if (turn === TOO_MANY_BYTES) {
      throw queueFull('The prompts that are waiting are too large together (QUEUE_MAX_BYTES).');
    }
    return turn;
  };
  return {
    async require(owner) {
      await run('', { owner, priority: 'normal', isBackground: false }, 0);
    },
    take(id, entry, bytes) {
      if (bytes > limits.bytes) throw tooLarge(bytes, limits.bytes);
      return run(id, entry, bytes);
    },
    async confirm(id) {
      await redis.zrem(names.entering, id);
    },
    async release(id) {
      await release(redis, KEYS, [id]);
    },
  };
}

const queueFull = (why: string): StudioError =>
  new StudioError('queue_full', `${why} Try again later.`, { retryAfterSeconds: 10 });

const tooLarge = (bytes: number, maxBytes: number): StudioError =>
  new StudioError(
    'request_too_large',
    `The prompt and its files take ${bytes} bytes; the queue takes ${maxBytes} at most (QUEUE_MAX_BYTES).`,
  );
