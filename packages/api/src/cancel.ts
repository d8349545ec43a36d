import { cancelJob, StudioError } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { requireRedis } from './admission.ts';
import { type PromptQueue } from './prompt-queue.ts';

/** Has a prompt stopped. False when it was over before; throws `request_not_found`. */
export type Cancel = (id: string) => Promise<boolean>;

/** {@link Cancel} by way of Redis: whoever runs the job hears of it at once. */
export function createCancel(redis: Redis, queue: PromptQueue): Cancel {
  return async (id) => {
    requireRedis(redis);
    const found = await cancelJob(redis, id);
    if (found === 'unknown') {
      throw new StudioError('request_not_found', `No request has the id '${id}'.`, {
        param: 'req_id',
      });
    }
    if (found === 'ended') return false;
    await queue.withdraw(id, new StudioError('request_cancelled', 'The request was cancelled.'));
    return true;
  };
}
