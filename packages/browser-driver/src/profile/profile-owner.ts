import { hostname } from 'node:os';
import { types } from 'node:util';

import { LEASE_MS, LEASE_RENEWAL_MS, type Log, names, StudioError } from '@aistudio/core';
import { type Redis } from 'ioredis';
import { z } from 'zod';

import { pause } from '../waiting.ts';

/** How long to wait for the lock of a worker that may be dead, and how often to look, ms. */
const WAIT_MS = LEASE_MS + 2000;
const LOOK_MS = 250;

/** Who holds a lock. */
const Holder = z.object({ instance: z.string(), host: z.string(), pid: z.int() });

/** Takes or keeps the lock; gives who holds it then. ARGV: ourselves, a holder known to be dead, ms. */
const TAKE = `
  local held = redis.call('GET', KEYS[1])
  if held and held ~= ARGV[1] and held ~= ARGV[2] then return held end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
  return ARGV[1]`;

const RELEASE = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

/** The right to a sign-in, which one worker has at a time: two would spoil each other's cookies. */
export interface ProfileOwner extends AsyncDisposable {
  /** Whether the sign-in that was claimed last is ours; also while there is none. */
  readonly isOwner: boolean;
  /**
   * Takes the sign-in with this id and gives up any other; undefined: there is none. Throws
   * `not_ready`, naming who has it, when another worker lives on it.
   */
  claim(session: string | undefined): Promise<void>;
}

/** Holds the lock in Redis for as long as this process lives. `instance` names this worker. */
export function createProfileOwner(redis: Redis, instance: string, log: Log): ProfileOwner {
  const self = JSON.stringify({ instance, host: hostname(), pid: process.pid });
  const closing = new AbortController();
  let claimed: string | undefined;
  let isOwner = true;

  /** Who holds the lock once we have tried to take it. */
  const take = async (session: string, dead = ''): Promise<string> =>
    z.string().parse(await redis.eval(TAKE, 1, names.profileOwner(session), self, dead, LEASE_MS));

  const release = async (): Promise<void> => {
    if (claimed === undefined || redis.status !== 'ready') return;
    await redis.eval(RELEASE, 1, names.profileOwner(claimed), self);
  };

  const keep = async (): Promise<void> => {
    if (claimed === undefined) return;
    const wasOwner = isOwner;
    isOwner = (await take(claimed)) === self;
    if (wasOwner && !isOwner) log.error('another worker has taken this profile over');
  };
  const timer = setInterval(() => {
    keep().catch((error: unknown) => log.warn('profile lock not renewed', { error }));
  }, LEASE_RENEWAL_MS);

  return {
    get isOwner() {
      return isOwner;
    },
    async claim(session) {
      if (session === claimed && isOwner) return;
      if (session !== claimed) await release();
      claimed = session;
      isOwner = session === undefined;
      if (session === undefined) return;
      const giveUpAt = Date.now() + WAIT_MS;
      for (;;) {
        const holder = await take(session);
        isOwner = holder === self || (isDead(holder) && (await take(session, holder)) === self);
        if (isOwner) return;
        if (Date.now() > giveUpAt || closing.signal.aborted) throw isUsed(holder);
        await pause(LOOK_MS, closing.signal); // nobody says when a lock lapses
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      clearInterval(timer);
      await release();
    },
  };
}

/** Whether a holder on this machine is certainly gone, so that its lock need not lapse first. */
function isDead(value: string): boolean {
  const holder = Holder.safeParse(JSON.parse(value));
  if (!holder.success || holder.data.host !== hostname()) return false;
  const { pid } = holder.data;
  if (pid === process.pid) return true; // a restarted container: the same name and number again
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return types.isNativeError(error) && 'code' in error && error.code === 'ESRCH';
  }
}

function isUsed(value: string): StudioError {
  const holder = Holder.safeParse(JSON.parse(value));
  const who = holder.success
    ? `process ${holder.data.pid} on ${holder.data.host}`
    : 'somebody unknown';
  return new StudioError(
    'not_ready',
    `Another worker (${who}) uses this sign-in, and one sign-in serves one worker. Stop that one, or run \`pnpm signin NAME\` for this one.`,
  );
}
