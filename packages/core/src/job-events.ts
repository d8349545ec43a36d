import { type Redis } from 'ioredis';
import { z } from 'zod';

import { toErrorRecord } from './error-record.ts';
import { ErrorRecord, StudioError } from './errors.ts';
import { isContent, isTerminal, type JobEvent } from './events.ts';
import { type JobPhases } from './job-phases.ts';
import { defineScript } from './redis-script.ts';
import { names } from './redis.ts';

/** How long a lease holds without renewal, ms. A killed process is noticed after this long. */
export const LEASE_MS = 6000;
/** How often a lease is renewed, ms. */
export const LEASE_RENEWAL_MS = 2000;
/** How long a finished job's keys stay readable, ms. */
export const KEEP_MS = 10 * 60_000;
/** Upper bound for the keys of a job that nobody ever finishes, ms. */
const ABANDON_MS = 24 * 3_600_000;
/** How long a job without content may stay without a worker before its retry is given up, ms. */
const RETRY_GRACE_MS = 12_000;
/** How many workers a job may lose before it is given up: it may be what kills them. */
const MAX_LOST = 3;
/**
 * How long an absence must last to count, ms. While Redis is paused every lease lapses: those who
 * live renew theirs within {@link LEASE_RENEWAL_MS} of its return.
 */
const ABSENCE_MS = LEASE_RENEWAL_MS + 1000;

/** How many events can be appended at once. */
export const MAX_APPENDED = 1000;

/** Redis' own time, epoch ms: the only clock that processes on different machines compare. */
const NOW = `
  local function now()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
  end
  local function hasLasted(key, field, ms)
    local since = redis.call('HGET', key, field)
    if not since then redis.call('HSET', key, field, now()) end
    return since and now() - tonumber(since) >= ms
  end`;

const workerLost = JSON.stringify({
  type: 'error',
  error: toErrorRecord(
    new StudioError(
      'worker_lost',
      'The browser worker died while it answered. Send the request again.',
    ),
  ),
} satisfies JobEvent);

const unread = JSON.stringify({
  type: 'error',
  error: toErrorRecord(
    new StudioError('request_cancelled', 'Nobody was listening when the request had its turn.'),
  ),
} satisfies JobEvent);

const XADD_AND_CLOSE = `${NOW}
  local function add(keys, attempt, payloads, closes)
    local seq = redis.call('HINCRBY', keys[1], 'seq', 1)
    local fields = {'attempt', attempt, 'seq', seq}
    for _, payload in ipairs(payloads) do
      table.insert(fields, 'event')
      table.insert(fields, payload)
    end
    redis.call('XADD', keys[2], '*', unpack(fields))
    if closes then
      redis.call('HSET', keys[1], 'closed', '1')
      redis.call('DEL', keys[3])
      redis.call('PEXPIRE', keys[1], ${KEEP_MS})
      redis.call('PEXPIRE', keys[2], ${KEEP_MS})
    elseif seq == 1 then
      redis.call('PEXPIRE', keys[1], ${ABANDON_MS})
      redis.call('PEXPIRE', keys[2], ${ABANDON_MS})
    end
  end`;

const begin = defineScript(
  'aistudioBeginAttempt',
  `${XADD_AND_CLOSE}
  if redis.call('HEXISTS', KEYS[1], 'closed') == 1 then return {0} end
  if redis.call('EXISTS', KEYS[3]) == 1 then return {-1} end
  local before = redis.call('HGET', KEYS[1], 'attempt')
  local isLost = before and redis.call('HEXISTS', KEYS[1], 'givenBack') == 0
  if isLost and not hasLasted(KEYS[1], 'abandonedSince', ${ABSENCE_MS}) then return {-1} end
  if redis.call('EXISTS', KEYS[4]) == 0 then
    local isUnread = hasLasted(KEYS[1], 'unreadSince', ${ABSENCE_MS})
    redis.call('PEXPIRE', KEYS[1], ${ABANDON_MS})
    if isUnread then add(KEYS, before or '0', {ARGV[2]}, true) end
    return {isUnread and 0 or -1}
  end
  local lost = isLost and redis.call('HINCRBY', KEYS[1], 'lost', 1) or 0
  if redis.call('HEXISTS', KEYS[1], 'content') == 1 or lost > ${MAX_LOST} then
    add(KEYS, before, {ARGV[1]}, true)
    return {0}
  end
  local attempt = redis.call('HINCRBY', KEYS[1], 'attempt', 1)
  redis.call('HDEL', KEYS[1], 'said', 'abandonedSince', 'unreadSince', 'givenBack')
  redis.call('PEXPIRE', KEYS[1], ${ABANDON_MS})
  redis.call('SET', KEYS[3], attempt, 'PX', ${LEASE_MS})
  return {attempt, redis.call('HGET', KEYS[1], 'failure') or ''}`,
);

const giveBack = defineScript(
  'aistudioGiveJobBack',
  `
  if redis.call('HGET', KEYS[1], 'attempt') ~= ARGV[1] then return 0 end
  if redis.call('HEXISTS', KEYS[1], 'closed') == 1 then return 0 end
  if redis.call('HEXISTS', KEYS[1], 'content') == 1 then return 0 end
  redis.call('HSET', KEYS[1], 'givenBack', '1')
  if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'failure', ARGV[2]) end
  redis.call('DEL', KEYS[3])
  return 1`,
);

const append = defineScript(
  'aistudioAppendEvent',
  `${XADD_AND_CLOSE}
  if redis.call('HGET', KEYS[1], 'attempt') ~= ARGV[1] then return 0 end
  if tonumber(redis.call('HGET', KEYS[1], 'said') or 0) >= tonumber(ARGV[2]) then return 1 end
  if redis.call('HEXISTS', KEYS[1], 'closed') == 1 then return 0 end
  redis.call('HSET', KEYS[1], 'said', ARGV[2])
  if ARGV[3] == '1' then redis.call('HSET', KEYS[1], 'content', '1') end
  if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'phases', ARGV[5]) end
  local payloads = {}
  for i = 6, #ARGV do payloads[i - 5] = ARGV[i] end
  add(KEYS, ARGV[1], payloads, ARGV[4] == '1')
  return 1`,
);

const renew = defineScript(
  'aistudioRenewWriter',
  `${NOW}
  if redis.call('HGET', KEYS[1], 'attempt') ~= ARGV[1] then return 'stale' end
  if redis.call('HEXISTS', KEYS[1], 'closed') == 1 then return 'stale' end
  if redis.call('HEXISTS', KEYS[1], 'givenBack') == 1 then return 'stale' end
  redis.call('SET', KEYS[3], ARGV[1], 'PX', ${LEASE_MS})
  redis.call('HDEL', KEYS[1], 'abandonedSince')
  if redis.call('EXISTS', KEYS[4]) == 1 then return 'cancelled' end
  if redis.call('EXISTS', KEYS[5]) == 1 then
    redis.call('HDEL', KEYS[1], 'unreadSince')
  elseif hasLasted(KEYS[1], 'unreadSince', ${ABSENCE_MS}) then
    return 'unread'
  end
  return 'ok'`,
);

const close = defineScript(
  'aistudioCloseJob',
  `${XADD_AND_CLOSE}
  if redis.call('HEXISTS', KEYS[1], 'closed') == 1 then return 0 end
  add(KEYS, redis.call('HGET', KEYS[1], 'attempt') or '0', {ARGV[1]}, true)
  return 1`,
);

const endIfAbandoned = defineScript(
  'aistudioEndIfAbandoned',
  `${XADD_AND_CLOSE}
  if redis.call('EXISTS', KEYS[1], KEYS[4]) == 0 then return 'unknown' end
  local attempt = redis.call('HGET', KEYS[1], 'attempt')
  if not attempt or redis.call('HEXISTS', KEYS[1], 'closed') == 1 then return 'alive' end
  if redis.call('EXISTS', KEYS[3]) == 1 then
    redis.call('HDEL', KEYS[1], 'abandonedSince')
    return 'alive'
  end
  if redis.call('HEXISTS', KEYS[1], 'givenBack') == 1 then return 'alive' end
  local hasContent = redis.call('HEXISTS', KEYS[1], 'content') == 1
  if hasLasted(KEYS[1], 'abandonedSince', hasContent and ${ABSENCE_MS} or ${RETRY_GRACE_MS}) then
    add(KEYS, attempt, {ARGV[1]}, true)
  end
  return 'alive'`,
);

const keys = (id: string): [string, string, string] => [
  names.state(id),
  names.events(id),
  names.writerLease(id),
];

/**
 * What a renewal of the writer's lease found out: go on, somebody asked to cancel, nobody listens
 * any more, or `stale`: the job ended or belongs to a later attempt, so nothing we write counts.
 */
export const LeaseState = z.enum(['ok', 'cancelled', 'unread', 'stale']);
export type LeaseState = z.infer<typeof LeaseState>;

/** The one writer of one attempt at one job. Everything a stale writer says is dropped by Redis. */
export interface JobWriter {
  readonly attempt: number;
  /** Why the attempt before gave the job back, if it was for a failure. */
  readonly failedBefore: ErrorRecord | undefined;
  /**
   * Appends one event, or several at once, at most {@link MAX_APPENDED}, and, given with them, what the
   * way there took so far. A terminal event is the last. False when this attempt no longer owns the job
   * or the job has ended.
   */
  append(events: JobEvent | readonly JobEvent[], phases?: JobPhases): Promise<boolean>;
  /** Keeps the lease and tells what changed; to be called every {@link LEASE_RENEWAL_MS}. */
  renew(): Promise<LeaseState>;
  /**
   * Ends the attempt, not the job: another may begin at once, and gets `failure` to know. False, without
   * any effect, when content was sent, the job has ended, or it is no longer ours.
   */
  giveBack(failure?: ErrorRecord): Promise<boolean>;
}

/** What a new attempt is told: its number and why the one before gave up; 0 and -1: there is none. */
const Begun = z.tuple([z.int()], z.string());

/**
 * Takes a job over as its only writer. `over`: there is nothing left to do, since the job has ended,
 * nobody listens to it any more, or an earlier attempt died after it had sent content (the job then ends
 * as `worker_lost`). `later`: not at present, since the attempt before may still live, or the readers may
 * come back, as after a pause of Redis.
 */
export async function beginAttempt(
  redis: Redis,
  id: string,
): Promise<JobWriter | 'over' | 'later'> {
  const all = [...keys(id), names.readers(id)];
  const [attempt, failure] = Begun.parse(await begin(redis, all, [workerLost, unread]));
  if (attempt === 0) return 'over';
  if (attempt < 0) return 'later';
  let said = 0;
  return {
    attempt,
    failedBefore: failure ? ErrorRecord.parse(JSON.parse(failure)) : undefined,
    async append(given, phases) {
      const events = [given].flat();
      const flags = [events.some(isContent) ? '1' : '0', events.some(isTerminal) ? '1' : '0'];
      said += 1; // a connection that lost the reply sends the command again: Redis knows by this
      const head = [attempt, said, ...flags, phases ? JSON.stringify(phases) : ''];
      const payloads = events.map((event) => JSON.stringify(event));
      return (await append(redis, keys(id), [...head, ...payloads])) === 1;
    },
    async renew() {
      const leases = [names.cancelled(id), names.readers(id)];
      return LeaseState.parse(await renew(redis, [...keys(id), ...leases], [attempt]));
    },
    async giveBack(why) {
      const reason = why ? JSON.stringify(why) : '';
      return (await giveBack(redis, keys(id), [attempt, reason])) === 1;
    },
  };
}

/** Why the last attempt gave the job back to the queue; undefined: none did, or not for a failure. */
export async function readGivenBackFailure(
  redis: Redis,
  id: string,
): Promise<ErrorRecord | undefined> {
  const failure = await redis.hget(names.state(id), 'failure');
  return failure ? ErrorRecord.parse(JSON.parse(failure)) : undefined;
}

/** Ends a job that no worker runs (never started, timed out in the queue). False when it had ended. */
export async function closeJob(redis: Redis, id: string, error: unknown): Promise<boolean> {
  const event: JobEvent = { type: 'error', error: toErrorRecord(error) };
  return (await close(redis, keys(id), [JSON.stringify(event)])) === 1;
}

/**
 * Ends a begun job as `worker_lost` when its worker's lease has been gone for long enough: a few
 * seconds when content was sent, otherwise the time a retry on another worker may take. `unknown`:
 * Redis knows nothing of such a job.
 */
export async function checkJob(redis: Redis, id: string): Promise<'alive' | 'unknown'> {
  const found = await endIfAbandoned(redis, [...keys(id), names.plan(id)], [workerLost]);
  return found === 'unknown' ? 'unknown' : 'alive';
}
