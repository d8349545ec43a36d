import { describe, expect, it } from '@jest/globals';
import { type Redis } from 'ioredis';

import { createListPrompts } from './list-prompts.ts';
import { type PromptQueue, type QueuedPrompt } from './prompt-queue.ts';

const prompt = (id: string, position: number, runningMs = 0): QueuedPrompt => ({
  id,
  owner: 'a',
  model: 'm',
  isBackground: false,
  position,
  waitingMs: 0,
  runningMs,
});
const driver = (states: readonly string[], changed: object = {}): string =>
  JSON.stringify({
    kind: 'browser-driver',
    instance: 'a',
    at: 0,
    ready: true,
    detail: { slots: states.map((state, index) => ({ id: String(index), state })) },
    ...changed,
  });
const queue = [prompt('runs', 0, 4000), prompt('next', 1), prompt('last', 2)];

/** When each prompt is said to start, with these drivers. */
async function starts(drivers: readonly string[], recentMs: readonly number[] = [10_000]) {
  const redis = { status: 'ready', aistudioReadEntries: async () => drivers };
  const prompts = { list: async () => queue, recentMs: async () => recentMs };
  const list = createListPrompts(redis as unknown as Redis, prompts as unknown as PromptQueue);
  return (await list()).map(({ startsInMs }) => startsInMs);
}

describe('the list of prompts', () => {
  it('guesses when each starts by the pages that work', async () => {
    expect(await starts([driver(['busy'])])).toEqual([0, 6000, 16_000]);
    expect(await starts([driver(['busy', 'ready'])])).toEqual([0, 0, 6000]);
  });

  it('counts no page that has failed, nor those of a driver that is not ready or none', async () => {
    const others = [
      driver(['failed'], {}),
      driver(['ready'], { ready: false }),
      driver(['ready'], { kind: 'api' }),
      driver([], { detail: { slots: 'none' } }),
    ];
    expect(await starts([driver(['busy']), ...others])).toEqual([0, 6000, 16_000]);
  });

  it('guesses nothing of what waits before the first answer', async () => {
    expect(await starts([driver(['busy'])], [])).toEqual([0, undefined, undefined]);
  });

  it('is not there while Redis is away', async () => {
    const list = createListPrompts({ status: 'end' } as Redis, {} as PromptQueue);
    await expect(list()).rejects.toMatchObject({ code: 'not_ready' });
  });
});
