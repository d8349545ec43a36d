import { cancelJob, StudioError } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { type Caller } from '../keys/caller.ts';
import { requireRedis } from './admission.ts';
import { type PromptQueue } from './queue/prompt-queue.ts';

/**
 * Has a prompt of this caller stopped; of anybody if it is an admin. False when it was over before;
 * throws `request_not_found`, also for what is another's.
 */
export type Cancel = (id: string, caller: Caller) => Promise<boolean>;

/** {@link Cancel} by way of Redis: whoever runs the job hears of it at once. */
export function createCancel(redis: Redis, queue: PromptQueue): Cancel {
  return async (id, caller) => {
    requireRedis(redis);
    const owner = caller.isAdmin ? caller.id : await queue.ownerOf(id);
    const isOthers = owner !== undefined && owner !== caller.id; // what the queue forgot is over
    if (isOthers) throw notFound(id);
    const found = await cancelJob(redis, id);
    if (found === 'unknown') throw notFound(id);
    if (found === 'ended') return false;
    await queue.withdraw(id, new StudioError('request_cancelled', 'The request was cancelled.'));
    return true;
  };
}

const notFound = (id: string): StudioError =>
  new StudioError('request_not_found', `No request has the id '${id}'.`, { param: 'req_id' });
