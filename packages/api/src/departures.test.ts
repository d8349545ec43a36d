import { type Job } from '@aistudio/core';
import { silentLog } from '@aistudio/core/testing';
import { describe, expect, it } from '@jest/globals';
import { type Redis } from 'ioredis';

import { createDepartures, type Departures } from './departures.ts';
import { type PromptQueue } from './queue/prompt-queue.ts';

const HOUR_MS = 60 * 60 * 1000;

/** Departures of jobs, of which one waits; and what became of them. */
function start(): { departures: Departures; withdrawn: string[]; keptMs: number[] } {
  const withdrawn: string[] = [];
  const keptMs: number[] = [];
  const redis = {
    status: 'ready',
    del: async () => 1,
    aistudioLeaveJob: async () => 1,
    aistudioRenewReader: async (...values: unknown[]) => void keptMs.push(Number(values.at(-1))),
  };
  const queue = {
    isWaiting: async (id: string) => id === 'waiting',
    withdraw: async (id: string) => void withdrawn.push(id),
  };
  const departures = createDepartures(
    redis as unknown as Redis,
    queue as unknown as PromptQueue,
    silentLog,
  );
  return { departures, withdrawn, keptMs };
}
const job = (id: string): Job => ({ id, model: 'gemini-2.5-flash', acceptedAt: Date.now() });

describe('departures', () => {
  it('gives a job up with its last reader', async () => {
    const { departures, withdrawn, keptMs } = start();
    departures.expect(job('waiting'), 'reader', false)[Symbol.dispose]();
    await departures[Symbol.asyncDispose]();
    expect([withdrawn, keptMs]).toEqual([['waiting'], []]);
  });

  it('keeps what waits for after the next start when the server stops, and nothing else', async () => {
    const { departures, withdrawn, keptMs } = start();
    const readers = ['waiting', 'running'].map((id) => departures.expect(job(id), 'reader', false));
    await departures.suspend(HOUR_MS);
    for (const reader of readers) reader[Symbol.dispose]();
    await departures[Symbol.asyncDispose]();
    expect(withdrawn).toEqual(['running']);
    expect(keptMs).toEqual([expect.closeTo(HOUR_MS, -3)]);
  });

  it('waits at the stop for readers whose answer is on its way', async () => {
    const { departures } = start();
    const reader = departures.expect(job('running'), 'reader', false);
    reader.hasStarted = true;
    let isOver = false;
    const stop = departures.suspend(HOUR_MS).then(() => (isOver = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    reader[Symbol.dispose]();
    await stop;
    await departures[Symbol.asyncDispose]();
    expect(isOver).toBe(true);
  });
});
