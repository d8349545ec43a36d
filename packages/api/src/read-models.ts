import { type ModelList, names, parseModelList, StudioError } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { requireDriver, requireRedis } from './admission.ts';

/**
 * The live model list as the browser driver last published it. While there is none it throws what
 * keeps the driver from it: `not_signed_in` or `not_ready`.
 */
export async function readModels(redis: Redis): Promise<ModelList> {
  requireRedis(redis);
  const stored = await redis.get(names.models);
  const list = stored === null ? undefined : parseModelList(stored);
  if (list && list.models.length > 0) return list;
  await requireDriver(redis);
  throw new StudioError(
    'not_ready',
    'The model list is not known yet: AI Studio has not been opened, or shows none.',
    { retryAfterSeconds: 5 },
  );
}
