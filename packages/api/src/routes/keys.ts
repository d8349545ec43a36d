import { StudioError } from '@aistudio/core';
import { type RequestHandler } from 'express';
import { z } from 'zod';

import { parseBody } from '../dialects/shared/parse-body.ts';
import { contextOf } from '../http/context.ts';
import { KeyPriority } from '../keys/caller.ts';
import { type KeyRing } from '../keys/key-ring.ts';
import { type KeyStore } from '../keys/key-store.ts';
import { makeKey, type StoredKey } from '../keys/stored-key.ts';

const CreateBody = z.object({
  name: z.string().trim().min(1).max(100),
  priority: KeyPriority.default('normal'),
  /** Absent or null: as KEY_REQUESTS_PER_MINUTE says; 0: any number. */
  requests_per_minute: z.int().nonnegative().nullish(),
});

const TestBody = z.object({ key: z.string().min(1).max(1000) });

const seconds = (ms: number): number => Math.floor(ms / 1000);

const toObject = ({ id, name, priority, requestsPerMinute, createdAt }: StoredKey): object => ({
  object: 'api_key',
  id,
  name,
  priority,
  requests_per_minute: requestsPerMinute ?? null,
  created_at: seconds(createdAt),
});

/** `POST /api/keys`: makes a key. This answer is the only one that has it whole. */
export const createKey =
  (store: KeyStore): RequestHandler =>
  async (request, response) => {
    const { name, priority, requests_per_minute } = parseBody(CreateBody, request.body);
    const requestsPerMinute = requests_per_minute ?? undefined;
    const { key, stored } = makeKey({ name, priority, requestsPerMinute });
    await store.add(stored);
    contextOf(response).log.info('key made', { madeKeyId: stored.id, madeKeyName: name });
    response.status(201).json({ ...toObject(stored), key });
  };

/** `GET /api/keys`: every key that was made so, masked; times in epoch seconds. */
export const listKeys =
  (store: KeyStore): RequestHandler =>
  async (_request, response) => {
    const [{ keys }, lastUses] = await Promise.all([store.read(), store.lastUses()]);
    const data = keys
      .toSorted((one, other) => one.createdAt - other.createdAt)
      .map((key) => {
        const usedAt = lastUses.get(key.id);
        return {
          ...toObject(key),
          key: `sk-…${key.ending}`,
          last_used_at: usedAt === undefined ? null : seconds(usedAt),
        };
      });
    response.json({ object: 'list', data });
  };

/** `DELETE /api/keys/{id}`: from now on the key is refused. */
export const deleteKey =
  (store: KeyStore): RequestHandler<{ id: string }> =>
  async ({ params: { id } }, response) => {
    if (!(await store.remove(id))) {
      throw new StudioError(
        'key_not_found',
        `No key has the id '${id}'. GET /api/keys lists them; those of API_KEYS are not among them.`,
        { param: 'id' },
      );
    }
    contextOf(response).log.info('key revoked', { revokedKeyId: id });
    response.json({ object: 'api_key.deleted', id, deleted: true });
  };

/** `POST /api/keys/test`: whether a key would be taken, and whose it is. */
export const testKey =
  (keys: KeyRing): RequestHandler =>
  async (request, response) => {
    const { key } = parseBody(TestBody, request.body);
    const { caller } = await keys.recognise([key]);
    response.json(caller ? { valid: true, id: caller.id, name: caller.name } : { valid: false });
  };
