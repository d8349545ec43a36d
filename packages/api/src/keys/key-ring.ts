import { timingSafeEqual } from 'node:crypto';

import { ANONYMOUS, type Caller } from './caller.ts';
import { type KeyStore } from './key-store.ts';
import { digestOf } from './stored-key.ts';

/** What the keys that came with a request mean. */
export interface Recognition {
  /** Undefined: none of them is known. */
  readonly caller: Caller | undefined;
  /** Whether a known one is asked for. */
  readonly isAsked: boolean;
}

/** Every key of this server. */
export interface KeyRing {
  /** Whose keys these are. Throws `not_ready` while that cannot be told. */
  recognise(given: readonly string[]): Promise<Recognition>;
}

/** What belongs on the ring beside the keys that are kept in the store. */
export interface KeyRingOptions {
  /** API_KEYS. */
  readonly configured: readonly string[];
  /** Of the admin key. */
  readonly adminDigest: Buffer;
  /** Whether other machines can reach the server: a key is asked for then even when there is none. */
  readonly isExposed: boolean;
}

interface Known {
  readonly digest: Buffer;
  readonly caller: Caller;
}

/**
 * Once a key has been made one is asked for, also when the last has been revoked: that one would
 * work again otherwise. The admin key asks nobody else for one.
 */
export function createKeyRing(store: KeyStore, options: KeyRingOptions): KeyRing {
  const { configured, adminDigest, isExposed } = options;
  const fixed: readonly Known[] = [
    {
      digest: adminDigest,
      caller: { ...ANONYMOUS, id: 'admin', name: 'ADMIN_KEY', isAdmin: true },
    },
    ...configured.map((key, index) => ({
      digest: digestOf(key),
      caller: { ...ANONYMOUS, id: `env-${index + 1}`, name: `API_KEYS, no. ${index + 1}` },
    })),
  ];

  return {
    async recognise(given) {
      const digests = given.map(digestOf);
      const table = await store.read();
      const isAsked = isExposed || configured.length > 0 || table.hasEverHad;
      const kept = table.keys.map(({ digest, ...key }) => ({
        digest: Buffer.from(digest, 'hex'),
        caller: { ...key, isAdmin: false },
      }));
      const found = find([...fixed, ...kept], digests);
      if (found && kept.some(({ caller }) => caller === found)) store.touch(found.id);
      return { caller: found, isAsked };
    },
  };
}

/** The caller of the first digest that is known. Comparing takes the same time whatever was sent. */
function find(known: readonly Known[], digests: readonly Buffer[]): Caller | undefined {
  const matches = digests.flatMap((digest) =>
    known.filter((one) => timingSafeEqual(one.digest, digest)),
  );
  return matches[0]?.caller;
}
