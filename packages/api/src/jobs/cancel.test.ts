import { describe, expect, it } from '@jest/globals';
import { type Redis } from 'ioredis';

import { ANONYMOUS, type Caller } from '../keys/caller.ts';
import { createCancel } from './cancel.ts';
import { type PromptQueue } from './queue/prompt-queue.ts';

const admin: Caller = { ...ANONYMOUS, id: 'admin', isAdmin: true };

/** Cancels a job of which the queue knows this owner, and Redis this state. */
async function cancel(
  caller: Caller,
  owner: string | undefined,
  found: 'cancelled' | 'ended' | 'unknown' = 'cancelled',
) {
  const withdrawn: string[] = [];
  const redis = { status: 'ready', aistudioCancelJob: async () => found };
  const queue = {
    ownerOf: async () => owner,
    withdraw: async (id: string) => void withdrawn.push(id),
  };
  const done = await createCancel(redis as unknown as Redis, queue as unknown as PromptQueue)(
    'job',
    caller,
  ).catch((error: unknown) => error);
  return { done, withdrawn };
}

describe('cancelling', () => {
  it('stops a caller’s own prompt, and takes it out of the queue', async () => {
    expect(await cancel(ANONYMOUS, 'anonymous')).toEqual({ done: true, withdrawn: ['job'] });
  });

  it('does not know another’s prompt, unless an admin asks', async () => {
    const others = await cancel(ANONYMOUS, 'another');
    expect(others.done).toMatchObject({ code: 'request_not_found', param: 'req_id' });
    expect(others.withdrawn).toEqual([]);
    expect((await cancel(admin, 'another')).done).toBe(true);
  });

  it('is too late for what is over, whether the queue still knows it or not', async () => {
    expect(await cancel(ANONYMOUS, 'anonymous', 'ended')).toEqual({ done: false, withdrawn: [] });
    expect((await cancel(ANONYMOUS, undefined, 'ended')).done).toBe(false);
    expect((await cancel(ANONYMOUS, undefined, 'unknown')).done).toMatchObject({
      code: 'request_not_found',
    });
  });
});
