import { describe, expect, it } from '@jest/globals';
import { type Redis } from 'ioredis';

import { readLoad } from './load.ts';
import { type PromptQueue } from './queue/prompt-queue.ts';

const eventLoop = { p50: 1, p99: 2, max: 3 };
const statuses = (loop: object): string[] =>
  ['api', 'browser-driver'].map((kind) =>
    JSON.stringify({ kind, instance: kind, at: 0, ready: true, detail: { eventLoop: loop } }),
  );
const count = { queued: 2, running: 1 };

/** The load that this Redis tells. */
const read = (changed: object, counted: () => Promise<object> = async () => count) =>
  readLoad(
    {
      status: 'ready',
      aistudioReadEntries: async () => statuses(eventLoop),
      aistudioReadCooldowns: async () => [[0, 'm', 20_500, 'Quota.']],
      ...changed,
    } as unknown as Redis,
    { count: counted } as unknown as PromptQueue,
  );

describe('the load', () => {
  it('is what waits, which models rest, and how late each process is', async () => {
    const load = await read({});
    expect(load).toMatchObject({
      prompts: count,
      cooldowns: [{ model: 'm', seconds: 20.5 }],
    });
  });

  it('leaves out what a process does not tell in our form', async () => {
    const load = await read({ aistudioReadEntries: async () => statuses({ other: 1 }) });
    expect(load?.eventLoops).toEqual([]);
  });

  it('is not known while Redis is away, or does not tell in time', async () => {
    expect(await read({ status: 'end' })).toBeUndefined();
    expect(await read({}, () => new Promise(() => undefined))).toBeUndefined();
  });
});
