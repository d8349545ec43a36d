import { type Redis } from 'ioredis';
import { z } from 'zod';

import { StudioError, toErrorRecord } from './errors.ts';
import { isContent, isTerminal, JobEvent } from './events.ts';
import { type JobPhases } from './job-phases.ts';
import { duplicateConnection, names } from './redis.ts';

/** How long a lease holds without renewal, ms. A killed process is noticed after this long. */
export const LEASE_MS = 6000;
/** How often a lease is renewed, ms. */
export const LEASE_RENEWAL_MS = 2000;
/** How long a finished job's keys stay readable, ms. */
export const KEEP_MS = 10 * 60_000;
/** Upper bound for the keys of a job that nobody ever finishes, ms. */
const ABANDON_MS = 24 * 3_600_000;
/** How long a job without content may stay ownerless before its retry is given up, ms. */
const RETRY_GRACE_MS = 12_000;

const workerLost = JSON.stringify({
  type: 'error',
  error: toErrorRecord(
    new StudioError(
      'worker_lost',
      'The browser worker died while it answered. Send the request again.',
    ),
  ),
} satisfies JobEvent);

const XADD_AND_CLOSE = `
  local function add(keys, attempt, payload, closes)
    local seq = redis.call('HINCRBY', keys[1], 'seq', 1)
    redis.call('XADD', keys[2], '*', 'attempt', attempt, 'seq', seq, 'event', payload)
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

const BEGIN = `${XADD_AND_CLOSE}
  if redis.call('HEXISTS', KEYS[1], 'closed') == 1 then return 0 end
  if redis.call('HEXISTS', KEYS[1], 'content') == 1 then
    add(KEYS, redis.call('HGET', KEYS[1], 'attempt'), ARGV[1], true)
    return 0
  end
  local attempt = redis.call('HINCRBY', KEYS[1], 'attempt', 1)
  redis.call('HDEL', KEYS[1], 'said')
  redis.call('PEXPIRE', KEYS[1], ${ABANDON_MS})
  redis.call('SET', KEYS[3], attempt, 'PX', ${LEASE_MS})
  return attempt`;

const APPEND = `${XADD_AND_CLOSE}
  if redis.call('HGET', KEYS[1], 'attempt') ~= ARGV[1] then return 0 end
  if tonumber(redis.call('HGET', KEYS[1], 'said') or 0) >= tonumber(ARGV[6]) then return 1 end
  if redis.call('HEXISTS', KEYS[1], 'closed') == 1 then return 0 end
  redis.call('HSET', KEYS[1], 'said', ARGV[6])
  if ARGV[3] == '1' then redis.call('HSET', KEYS[1], 'content', '1') end
  if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'phases', ARGV[5]) end
  add(KEYS, ARGV[1], ARGV[2], ARGV[4] == '1')
  return 1`;

const RENEW = `
  if redis.call('HGET', KEYS[1], 'attempt') ~= ARGV[1] then return 'stale' end
  if redis.call('HEXISTS', KEYS[1], 'closed') == 1 then return 'stale' end
  redis.call('SET', KEYS[3], ARGV[1], 'PX', ${LEASE_MS})
  if redis.call('EXISTS', KEYS[4]) == 1 then return 'cancelled' end
  if redis.call('EXISTS', KEYS[5]) == 0 then return 'unread' end
  return 'ok'`;

const CLOSE = `${XADD_AND_CLOSE}
  if redis.call('HEXISTS', KEYS[1], 'closed') == 1 then return 0 end
  if ARGV[2] == '1' and redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
  add(KEYS, redis.call('HGET', KEYS[1], 'attempt') or '0', ARGV[1], true)
  return 1`;

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
  /**
   * Appends one event and, given with it, what the way there took so far. False when this attempt no
   * longer owns the job or the job has ended.
   */
  append(event: JobEvent, phases?: JobPhases): Promise<boolean>;
  /** Keeps the lease and tells what changed; to be called every {@link LEASE_RENEWAL_MS}. */
  renew(): Promise<LeaseState>;
}

/**
 * Takes a job over as its only writer. Undefined when there is nothing left to do: the job has
 * ended, or an earlier attempt died after it had sent content (the job then ends as `worker_lost`).
 */
export async function beginAttempt(redis: Redis, id: string): Promise<JobWriter | undefined> {
  const attempt = Number(await redis.eval(BEGIN, 3, ...keys(id), workerLost));
  if (attempt === 0) return undefined;
  let said = 0;
  return {
    attempt,
    async append(event, phases) {
      const flags = [isContent(event) ? '1' : '0', isTerminal(event) ? '1' : '0'];
      const what = [JSON.stringify(event), ...flags, phases ? JSON.stringify(phases) : ''];
      said += 1; // a connection that lost the reply sends the command again: Redis knows by this
      return (await redis.eval(APPEND, 3, ...keys(id), attempt, ...what, said)) === 1;
    },
    async renew() {
      const leases = [names.cancelled(id), names.readers(id)];
      return LeaseState.parse(await redis.eval(RENEW, 5, ...keys(id), ...leases, attempt));
    },
  };
}

/** Ends a job that no worker runs (never started, timed out in the queue). False when it had ended. */
export async function closeJob(redis: Redis, id: string, error: unknown): Promise<boolean> {
  const event: JobEvent = { type: 'error', error: toErrorRecord(error) };
  return (await redis.eval(CLOSE, 3, ...keys(id), JSON.stringify(event), '0')) === 1;
}

/**
 * Yields a job's events from the first to the terminal one, however late the reader comes. Ends the
 * job as `worker_lost` when its worker's lease lapses: at once when content was sent, otherwise
 * after the time a retry on another worker may take. Throws the signal's reason when it aborts.
 */
export async function* readJobEvents(
  redis: Redis,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<JobEvent> {
  await using connection = duplicateConnection(redis);
  const disconnect = (): void => connection.disconnect();
  signal.addEventListener('abort', disconnect, { once: true });
  try {
    let cursor = '0';
    let ownerlessSince: number | undefined;
    for (;;) {
      signal.throwIfAborted();
      const reply = await connection.xread('BLOCK', 1000, 'STREAMS', names.events(id), cursor);
      if (!reply) {
        ownerlessSince = (await isOwnerless(redis, id))
          ? (ownerlessSince ?? Date.now())
          : undefined;
        if (ownerlessSince !== undefined) await endIfLost(redis, id, ownerlessSince);
        continue;
      }
      ownerlessSince = undefined;
      for (const [entry, fields] of reply[0]?.[1] ?? []) {
        cursor = entry;
        const event = JobEvent.parse(JSON.parse(fields[fields.indexOf('event') + 1] ?? ''));
        yield event;
        if (isTerminal(event)) return;
      }
    }
  } catch (error) {
    signal.throwIfAborted(); // a connection closed by the abort above fails its command
    throw error;
  } finally {
    signal.removeEventListener('abort', disconnect);
  }
}

/** True when the job was begun, has not ended, and no worker holds it. */
async function isOwnerless(redis: Redis, id: string): Promise<boolean> {
  const [attempt, closed] = await redis.hmget(names.state(id), 'attempt', 'closed');
  return Boolean(attempt) && !closed && (await redis.exists(names.writerLease(id))) === 0;
}

async function endIfLost(redis: Redis, id: string, ownerlessSince: number): Promise<void> {
  const hasContent = (await redis.hexists(names.state(id), 'content')) === 1;
  if (!hasContent && Date.now() - ownerlessSince < RETRY_GRACE_MS) return;
  await redis.eval(CLOSE, 3, ...keys(id), workerLost, '1');
}
