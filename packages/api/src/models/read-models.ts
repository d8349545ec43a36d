import { type ModelList, readModelList, StudioError } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { requireDriver, requireRedis } from '../jobs/admission.ts';

/**
 * The models that the accounts of all browser drivers are offered together. While there is no list it
 * throws what keeps the drivers from one: `not_signed_in` or `not_ready`.
 */
export async function readModels(redis: Redis): Promise<ModelList> {
  requireRedis(redis);
  const list = await readModelList(redis);
  if (list && list.models.length > 0) return list;
  await requireDriver(redis);
  throw new StudioError(
    'not_ready',
    'The model list is not known yet: AI Studio has not been opened, or shows none.',
    { retryAfterSeconds: 5 },
  );
}
