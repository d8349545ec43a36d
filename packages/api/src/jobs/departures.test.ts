import { type Job } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';
import { type Redis } from 'ioredis';

import { createDepartures, type Departures } from './departures.ts';
import { type PromptQueue } from './queue/prompt-queue.ts';

/** Departures of jobs, and what became of them. */
function start(stopping: AbortSignal = new AbortController().signal): {
  departures: Departures;
  withdrawn: string[];
  forgotten: string[];
} {
  const withdrawn: string[] = [];
  const forgotten: string[] = [];
  const redis = { status: 'ready', aistudioLeaveJob: async () => 1 };
  const queue = {
    withdraw: async (id: string) => void withdrawn.push(id),
    forget: async (id: string) => void forgotten.push(id),
  };
  const departures = createDepartures(
    redis as unknown as Redis,
    queue as unknown as PromptQueue,
    stopping,
    silentLog,
  );
  return { departures, withdrawn, forgotten };
}
const HOUR_MS = 60 * 60 * 1000;
const job = (acceptedAt = Date.now()): Job => ({
  id: 'job',
  model: 'gemini-2.5-flash',
  acceptedAt,
  isBackground: false,
});

describe('departures', () => {
  it('give a job up, and what is stored of it, with its last reader', async () => {
    const { departures, withdrawn, forgotten } = start();
    departures.expect(job(), 'reader', false)[Symbol.dispose]();
    await departures[Symbol.asyncDispose]();
    expect([withdrawn, forgotten]).toEqual([['job'], ['job']]);
  });

  it('leave an impatient client time to come back, but none once the server stops', async () => {
    const stopping = new AbortController();
    const { departures, withdrawn } = start(stopping.signal);
    departures.expect(job(Date.now() - HOUR_MS), 'reader', true)[Symbol.dispose]();
    await new Promise(setImmediate);
    expect(withdrawn).toEqual([]);
    stopping.abort();
    await departures[Symbol.asyncDispose]();
    expect(withdrawn).toEqual(['job']);
  });
});
