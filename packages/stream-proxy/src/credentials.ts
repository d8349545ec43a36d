import { createHash, timingSafeEqual } from 'node:crypto';

import { names } from '@aistudio/core';
import { type Redis } from 'ioredis';

/** How long a slot's secret is remembered; a new password is noticed at once all the same. ms */
const MEMORY_MS = 5000;
/** SHA-256 */
const HASH_BYTES = 32;

/** Gives the slot that a `Proxy-Authorization` header proves to speak for, if any. */
export type Authenticate = (header: string | undefined) => Promise<string | undefined>;

/** The user name of a `Basic` header: the slot. */
export const slotOf = (header: string | undefined): string | undefined => parseBasic(header)?.slot;

/**
 * Checks credentials (user = slot id) against the secrets that the slots' worker put into Redis.
 * Rejects when Redis cannot be asked.
 */
export function createAuthenticator(redis: Pick<Redis, 'get' | 'status'>): Authenticate {
  const remembered = new Map<string, { secret: Buffer; until: number }>();

  const fetchSecret = async (slot: string): Promise<Buffer | undefined> => {
    if (redis.status !== 'ready') throw new Error('Redis is away');
    const hex = await redis.get(names.slotSecret(slot));
    if (hex === null) return undefined;
    const secret = Buffer.from(hex, 'hex');
    if (secret.length !== HASH_BYTES) return undefined;
    remembered.set(slot, { secret, until: Date.now() + MEMORY_MS });
    return secret;
  };

  return async (header) => {
    const given = parseBasic(header);
    if (!given) return undefined;
    const hash = createHash('sha256').update(given.password).digest();
    const known = remembered.get(given.slot);
    if (known && known.until > Date.now() && timingSafeEqual(known.secret, hash)) return given.slot;
    remembered.delete(given.slot);
    const secret = await fetchSecret(given.slot);
    return secret && timingSafeEqual(secret, hash) ? given.slot : undefined;
  };
}

function parseBasic(header: string | undefined): { slot: string; password: string } | undefined {
  const encoded = /^basic +([\w+/=-]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [slot, ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return slot && rest.length > 0 ? { slot, password: rest.join(':') } : undefined;
}
