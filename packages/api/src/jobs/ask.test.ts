import { type JobStreams, type ProcessStatus, StudioError } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';
import { type Redis } from 'ioredis';

import { ANONYMOUS } from '../keys/caller.ts';
import { createAsk, type Question } from './ask.ts';
import { type PromptQueue } from './queue/prompt-queue.ts';

const driver: ProcessStatus = {
  kind: 'browser-driver',
  instance: 'one',
  at: 0,
  ready: true,
  detail: {},
};
/** A Redis in which one browser driver lives and nothing rests. */
const redis = {
  status: 'ready',
  aistudioReadEntries: async () => [JSON.stringify(driver)],
  aistudioReadCooldowns: async () => [],
} as unknown as Redis;
const never = new AbortController().signal;

describe('a prompt that the queue has no room for', () => {
  it('is refused before anything is downloaded for it', async () => {
    const full = new StudioError('queue_full', 'Full.');
    const queue = { requireRoom: () => Promise.reject(full) } as unknown as PromptQueue;
    const limits = { waitingMs: 1000, totalMs: 2000 };
    const ending = { stopping: never, over: never };
    await using asking = createAsk(redis, {} as JobStreams, queue, limits, ending, silentLog);
    let downloads = 0;
    const question: Question = {
      id: 'one',
      acceptedAt: Date.now(),
      model: 'm',
      plan() {
        downloads += 1;
        return Promise.reject(new Error('not to be asked for'));
      },
      caller: ANONYMOUS,
      isBackground: false,
      signal: never,
      isStreamed: false,
      repeat: undefined,
    };
    await expect(asking.ask(question)).rejects.toBe(full);
    expect(downloads).toBe(0);
  });
});
