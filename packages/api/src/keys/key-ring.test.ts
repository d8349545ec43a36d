import { describe, expect, it } from '@jest/globals';

import { createMemoryStore } from '../testing/test-server.ts';
import { createKeyRing, type KeyRing } from './key-ring.ts';
import { digestOf, makeKey } from './stored-key.ts';

const store = createMemoryStore();
const ring = (options: { configured?: string[]; isExposed?: boolean } = {}): KeyRing =>
  createKeyRing(store, {
    configured: [],
    isExposed: false,
    adminDigest: digestOf('sk-admin'),
    ...options,
  });

describe('a key ring', () => {
  it('asks for a key where other machines can reach it, also when there is none', async () => {
    const nobody = { caller: undefined };
    expect(await ring().recognise(['any'])).toEqual({ ...nobody, isAsked: false });
    expect(await ring({ isExposed: true }).recognise(['any'])).toEqual({
      ...nobody,
      isAsked: true,
    });
    expect(await ring({ configured: ['sk-a'] }).recognise([])).toEqual({
      ...nobody,
      isAsked: true,
    });
  });

  it('knows whose key it is, and keeps when one that was made is used', async () => {
    const { key, stored } = makeKey({ name: 'laptop', priority: 'high' });
    await store.add(stored);
    const all = ring({ configured: ['sk-a', 'sk-b'] });
    expect(await all.recognise(['sk-b'])).toMatchObject({ caller: { id: 'env-2' } });
    expect(await all.recognise(['sk-admin'])).toMatchObject({ caller: { isAdmin: true } });
    expect(await store.lastUses()).toEqual(new Map());
    const { caller } = await all.recognise(['stale', key]);
    expect(caller).toMatchObject({ id: stored.id, priority: 'high', isAdmin: false });
    expect(caller).not.toHaveProperty('digest');
    expect([...(await store.lastUses()).keys()]).toEqual([stored.id]);
  });
});
