import { Redis } from 'ioredis';

import { StudioError } from './errors.ts';
import { deadline } from './lifecycle.ts';

const PREFIX = 'aistudio';
const job = (id: string): string => `${PREFIX}:job:${id}`;

/** Every name we use in Redis. Nothing else spells one. */
export const names = {
  /** BullMQ's prefix and queue. */
  queuePrefix: PREFIX,
  queue: 'prompts',
  /** What BullMQ keeps of the queue under this name: `wait`, `prioritized`, `marker`, a job's id, … */
  queued: (part: string): string => `${PREFIX}:prompts:${part}`,
  /** Sorted set of the jobs that are about to enter the queue, by when (epoch ms) that must be over. */
  entering: `${PREFIX}:queue:entering`,
  /** Set of the callers that may have prompts in the queue. */
  queueOwners: `${PREFIX}:queue:owners`,
  /** Sorted sets of a caller's waiting jobs by their turn: those somebody waits for, and the others. */
  turns: (owner: string): string => `${PREFIX}:queue:turns:${owner}`,
  backgroundTurns: (owner: string): string => `${PREFIX}:queue:background-turns:${owner}`,
  /** Hash by job id of each stored plan's owner and size (bytes), as JSON. */
  storedPlans: `${PREFIX}:queue:plans`,
  /** Sorted set of the same ids by when (epoch ms) the plan expires. */
  planExpiries: `${PREFIX}:queue:plan-expiries`,
  /** Sum of the sizes of all stored plans, bytes. */
  storedBytes: `${PREFIX}:queue:bytes`,
  /** How many plans have ever been stored. */
  storedCount: `${PREFIX}:queue:count`,
  /** The job's {@link Plan}, stored once; the queue carries only the id. */
  plan: (id: string): string => `${job(id)}:plan`,
  /** Hash: the bytes of the plan's files in pieces, by the file's number and the piece's. */
  files: (id: string): string => `${job(id)}:files`,
  /** The job's event stream. */
  events: (id: string): string => `${job(id)}:events`,
  /**
   * Hash: attempt, said (by it), seq, content (set with the first), closed (set with the end), phases;
   * givenBack (by the last attempt), failure (its reason), lost (attempts whose worker died); abandonedSince, unreadSince (Redis' time, epoch ms): when a lease was first found missing.
   */
  state: (id: string): string => `${job(id)}:state`,
  /** Held by the worker that runs the job, for as long as it lives. */
  writerLease: (id: string): string => `${job(id)}:writer`,
  /** Sorted set of who listens, by the time (epoch ms) up to which that is certain; gone with the last. */
  readers: (id: string): string => `${job(id)}:readers`,
  /** Exists once the job was cancelled; said at once on {@link names.cancelChannel}. */
  cancelled: (id: string): string => `${job(id)}:cancelled`,
  cancelChannel: `${PREFIX}:cancel`,
  /** The {@link Job} that was last made of a request with this fingerprint, as JSON. */
  submittedJob: (fingerprint: string): string => `${PREFIX}:asked:${fingerprint}`,
  /** The failure that a request with this fingerprint could not be told, as JSON. */
  storedFailure: (fingerprint: string): string => `${PREFIX}:untold:${fingerprint}`,
  /** What the stream proxy saw of one slot's traffic. */
  capture: (slot: string): string => `${PREFIX}:capture:${slot}`,
  /** SHA-256 (hex) of a slot's proxy password. */
  slotSecret: (slot: string): string => `${PREFIX}:slot:${slot}:secret`,
  /** Id of the job that a slot works on. */
  slotJob: (slot: string): string => `${PREFIX}:slot:${slot}:job`,
  /** Held by the worker that owns the sign-in with this id, as long as it lives. */
  profileOwner: (session: string): string => `${PREFIX}:profile:${session}:owner`,
  /** Set of the accounts that have published a model list. */
  accounts: `${PREFIX}:accounts`,
  /** The models that an account is offered, as JSON; gone soon after its last worker. */
  models: (account: string): string => `${PREFIX}:models:${account}`,
  /** Hash: by model, until when (Redis' time, epoch ms) it rests for this account and why, as JSON. */
  cooldowns: (account: string): string => `${PREFIX}:cooldowns:${account}`,
  /** Hash of the API keys that were made, by id; the version changes with each change of them. */
  keys: `${PREFIX}:keys`,
  keysVersion: `${PREFIX}:keys:version`,
  /** Hash of when (epoch ms) each was used last, by id. */
  keyUses: `${PREFIX}:keys:uses`,
  /** SHA-256 (hex) of the admin key that was made up at the first start. */
  adminKey: `${PREFIX}:admin-key`,
  /** What of the page was found by which selector when an idle page was examined last, as JSON. */
  pageTable: `${PREFIX}:page-table`,
  /** Sorted set of a caller's requests of the last minute. */
  rate: (caller: string): string => `${PREFIX}:rate:${caller}`,
  /** Id of the recording that whichever driver takes the next job is to make of it. */
  recordNext: `${PREFIX}:record-next`,
  /** List that gets the one result of the recording with this id, as JSON. */
  recording: (id: string): string => `${PREFIX}:recording:${id}`,
  /** Written to see whether Redis takes writes. */
  probe: `${PREFIX}:probe`,
  /** Stream that makes a process's blocked read come back. */
  wake: (reader: string): string => `${PREFIX}:wake:${reader}`,
  /** Set of the processes that have given a sign of life, as `kind:instance`. */
  processes: `${PREFIX}:processes`,
  /** A process's last sign of life; gone when it gives none. */
  process: (field: string): string => `${PREFIX}:process:${field}`,
} as const;

/** A Redis connection that `await using` closes. */
export type RedisConnection = Redis & AsyncDisposable;

/**
 * When a reply is missing for so long, the connection counts as dead and is made anew: a network path may
 * freeze without an error, ms. Longer than BullMQ's reads block.
 */
const SILENCE_MS = 15_000;

/** How a connection treats a Redis that does not answer. */
export interface ConnectionLimits {
  /** Default 15 s. */
  readonly silenceMs?: number;
  /** Longest time for each command, the wait for a reconnect included, ms; default: none. */
  readonly commandMs?: number;
}

/**
 * Opens a connection and waits until Redis answers. `url` is `redis://…`, `rediss://…` or the path
 * of a unix socket (`unix:///path`). Later interruptions are survived by reconnecting.
 * Throws `not_ready` when Redis does not answer within five seconds.
 */
export async function connectRedis(
  url: string,
  { silenceMs = SILENCE_MS, commandMs }: ConnectionLimits = {},
): Promise<RedisConnection> {
  const redis = new Redis(url.replace(/^unix:\/\//, ''), {
    lazyConnect: true,
    maxRetriesPerRequest: null, // BullMQ's demand, and ours: a command waits for the reconnect
    retryStrategy: (attempt) => Math.min(50 * attempt, 1000),
    connectTimeout: 5000,
    socketTimeout: silenceMs,
    ...(commandMs === undefined ? {} : { commandTimeout: commandMs }),
  });
  redis.on('error', () => undefined); // ioredis reconnects by itself; callers see their commands fail
  using giveUp = deadline(5000, () => new Error('no answer within 5 s'));
  try {
    await Promise.race([
      redis.connect(),
      new Promise<never>((_resolve, reject) => {
        giveUp.signal.addEventListener('abort', () => reject(giveUp.signal.reason));
      }),
    ]);
  } catch (cause) {
    redis.disconnect();
    throw new StudioError(
      'not_ready',
      `Redis does not answer at ${withoutPassword(url)}. Start it, or set REDIS_URL.`,
      { cause },
    );
  }
  return closing(redis);
}

/**
 * Another connection with the same settings, for commands that block or that nothing may delay. Like
 * the first it sends a command again whose reply it missed, and is made anew when a reply is missing for
 * `silenceMs`, by default as long as on the first. Close it with `await using`.
 */
export function duplicateConnection(redis: Redis, silenceMs?: number): RedisConnection {
  const silence = silenceMs === undefined ? {} : { socketTimeout: silenceMs };
  const copy = redis.duplicate({ lazyConnect: false, ...silence });
  copy.on('error', () => undefined);
  return closing(copy);
}

function closing(redis: Redis): RedisConnection {
  return Object.assign(redis, {
    [Symbol.asyncDispose]: (): Promise<void> => {
      redis.disconnect();
      return Promise.resolve();
    },
  });
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//***@');
}
