import { names } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { digestOf, randomKey } from './stored-key.ts';

/**
 * The digest of the key that guards the keys: `configured`, or one that is made up at the very first
 * start, when `announce` gets it. Only its digest is kept, in Redis, for all API processes and every
 * later start: nobody can say the key again.
 */
export async function settleAdminKey(
  redis: Redis,
  configured: string | undefined,
  announce: (key: string) => Promise<void>,
): Promise<Buffer> {
  if (configured !== undefined) return digestOf(configured);
  const key = randomKey();
  const digest = digestOf(key);
  if ((await redis.setnx(names.adminKey, digest.toString('hex'))) === 1) {
    await announce(key);
    return digest;
  }
  return Buffer.from((await redis.get(names.adminKey)) ?? '', 'hex');
}
