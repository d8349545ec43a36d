import { createHash, randomBytes, randomUUID } from 'node:crypto';

import { z } from 'zod';

import { KeyPriority } from './caller.ts';

/** What is kept of a key: enough to recognise it, not to have it. */
export const StoredKey = z.object({
  id: z.string(),
  name: z.string(),
  priority: KeyPriority,
  requestsPerMinute: z.int().nonnegative().optional(),
  /** Hex. */
  digest: z.string(),
  /** The key's last characters, for people to tell theirs by. */
  ending: z.string(),
  /** Epoch ms. */
  createdAt: z.number(),
});
export type StoredKey = z.infer<typeof StoredKey>;

/** A new key: 256 random bits. */
export const randomKey = (): string => `sk-${randomBytes(32).toString('base64url')}`;

/**
 * What a key is recognised by. One plain SHA-256 is right for random keys: slow hashes and salts
 * protect words that can be guessed, and nobody goes through 2^256 keys.
 */
export const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Makes a key up, and what to keep of it. */
export function makeKey(fields: Pick<StoredKey, 'name' | 'priority' | 'requestsPerMinute'>): {
  readonly key: string;
  readonly stored: StoredKey;
} {
  const key = randomKey();
  const stored = {
    id: `key-${randomUUID().slice(0, 8)}`,
    ...fields,
    digest: digestOf(key).toString('hex'),
    ending: key.slice(-4),
    createdAt: Date.now(),
  };
  return { key, stored };
}
