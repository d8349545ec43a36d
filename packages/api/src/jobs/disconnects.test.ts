import { type Job } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type Redis } from 'ioredis';

import { createDisconnects, type Disconnects } from './disconnects.ts';
import { type PromptQueue } from './queue/prompt-queue.ts';

/** Departures of jobs, and what became of them. */
function start(
  stopping: AbortSignal = new AbortController().signal,
  changed: object = {},
): {
  disconnects: Disconnects;
  withdrawn: string[];
  forgotten: string[];
} {
  const withdrawn: string[] = [];
  const forgotten: string[] = [];
  const redis = { status: 'ready', aistudioLeaveJob: async () => 1, ...changed };
  const queue = {
    withdraw: async (id: string) => void withdrawn.push(id),
    forget: async (id: string) => void forgotten.push(id),
  };
  const disconnects = createDisconnects(
    redis as unknown as Redis,
    queue as unknown as PromptQueue,
    stopping,
    silentLog,
  );
  return { disconnects, withdrawn, forgotten };
}
const HOUR_MS = 60 * 60 * 1000;
const job = (acceptedAt = Date.now()): Job => ({
  id: 'job',
  model: 'gemini-2.5-flash',
  acceptedAt,
  isBackground: false,
});

describe('disconnects', () => {
  it('give a job up, and what is stored of it, with its last reader', async () => {
    const { disconnects, withdrawn, forgotten } = start();
    disconnects.track(job(), 'reader', false)[Symbol.dispose]();
    await disconnects[Symbol.asyncDispose]();
    expect([withdrawn, forgotten]).toEqual([['job'], ['job']]);
  });

  it('leave an impatient client time to come back, but none once the server stops', async () => {
    const stopping = new AbortController();
    const { disconnects, withdrawn } = start(stopping.signal);
    disconnects.track(job(Date.now() - HOUR_MS), 'reader', true)[Symbol.dispose]();
    await new Promise(setImmediate);
    expect(withdrawn).toEqual([]);
    stopping.abort();
    await disconnects[Symbol.asyncDispose]();
    expect(withdrawn).toEqual(['job']);
  });

  it('leave a job to those who still read it', async () => {
    const { disconnects, withdrawn, forgotten } = start(undefined, {
      aistudioLeaveJob: async () => 0,
    });
    disconnects.track(job(), 'reader', false)[Symbol.dispose]();
    await disconnects[Symbol.asyncDispose]();
    expect([withdrawn, forgotten]).toEqual([[], []]);
  });
});

describe('an impatient client', () => {
  afterEach(() => {
    jest.useRealTimers();
  });
  /** Whether a client that leaves so is waited for. */
  const isWaitedFor = async (
    waitedMs: number,
    canRepeat = true,
    state: { hasEnded?: boolean; hasContent?: boolean } = {},
  ): Promise<boolean> => {
    jest.useFakeTimers();
    const { disconnects, withdrawn } = start();
    const connection = disconnects.track(job(Date.now() - waitedMs), 'reader', canRepeat);
    Object.assign(connection, state)[Symbol.dispose]();
    await jest.advanceTimersByTimeAsync(1499);
    const isPending = withdrawn.length === 0;
    await jest.advanceTimersByTimeAsync(1);
    expect(withdrawn).toEqual(['job']);
    return isPending;
  };

  it('is one that asks again by itself and has waited for long, in vain', async () => {
    expect(await isWaitedFor(20_000)).toBe(true);
    expect(await isWaitedFor(19_999)).toBe(false);
    expect(await isWaitedFor(HOUR_MS, false)).toBe(false);
    expect(await isWaitedFor(HOUR_MS, true, { hasContent: true })).toBe(false);
    expect(await isWaitedFor(HOUR_MS, true, { hasEnded: true })).toBe(false);
  });
});

describe('the end of disconnects', () => {
  it('waits for a job whose reader has not left yet, but not while Redis is away', async () => {
    const { disconnects, withdrawn } = start();
    const connection = disconnects.track(job(), 'reader', false);
    const end = disconnects[Symbol.asyncDispose]();
    await new Promise(setImmediate);
    expect(withdrawn).toEqual([]);
    connection[Symbol.dispose]();
    await end;
    expect(withdrawn).toEqual(['job']);

    const away = start(undefined, { status: 'reconnecting' }).disconnects;
    away.track(job(), 'reader', false);
    await expect(away[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  it('comes also where a job cannot be seen to, and within its time', async () => {
    const fails = (): Promise<never> => Promise.reject(new Error('down'));
    const { disconnects } = start(undefined, { aistudioLeaveJob: fails });
    disconnects.track(job(), 'reader', false)[Symbol.dispose]();
    await disconnects[Symbol.asyncDispose]();

    jest.useFakeTimers();
    const stays = start().disconnects;
    stays.track(job(), 'reader', false);
    let isOver = false;
    void stays[Symbol.asyncDispose]().then(() => (isOver = true));
    await jest.advanceTimersByTimeAsync(4999);
    expect(isOver).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(isOver).toBe(true);
    jest.useRealTimers();
  });
});
