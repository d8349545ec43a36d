import { type JobEvent } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { type PageCall } from '../page/page-evidence.ts';
import { type Slot } from '../slots/slot.ts';
import { holdGeneration } from './generation.ts';

const finish: JobEvent = { type: 'finish', reason: 'stop' };
const text: JobEvent = { type: 'text', text: 'Hello' };

/** A page that generates; `stop` says whether Stop helps, `call` what its traffic shows. */
function start(
  stop: () => Promise<boolean> = () => Promise.resolve(true),
  call?: Partial<PageCall>,
) {
  const calls: string[] = [];
  const slot = {
    page: {
      stop: () => {
        calls.push('stop');
        return stop();
      },
    },
    evidence: call && { call: () => Promise.resolve(call) },
    requireRecovery: (reason: string) => void calls.push(reason),
  };
  return { calls, generation: holdGeneration(slot as unknown as Slot) };
}
async function* tell(...events: JobEvent[]): AsyncGenerator<JobEvent> {
  yield* events;
}

describe('what the page generates', () => {
  it('is stopped where its reader leaves', async () => {
    const { calls, generation } = start();
    for await (const event of generation.until(tell(text, finish))) {
      expect(event).toBe(text);
      break;
    }
    await generation[Symbol.asyncDispose]();
    expect(calls).toEqual(['stop']);
  });

  it('is left alone after its finish, though its reader takes no more', async () => {
    const { calls, generation } = start();
    for await (const event of generation.until(tell(text, finish))) {
      if (event.type === 'finish') break;
    }
    await generation[Symbol.asyncDispose]();
    expect(calls).toEqual([]);
  });

  it('is left to another tier that goes on with it', async () => {
    const { calls, generation } = start();
    generation.release();
    await generation[Symbol.asyncDispose]();
    expect(calls).toEqual([]);
  });

  it.each([
    ['shows no Stop', () => Promise.resolve(false)],
    ['fails', () => Promise.reject(new Error('the page is gone'))],
  ])('has its page loaded anew where that %s', async (_how, stop) => {
    const { calls, generation } = start(stop);
    await generation[Symbol.asyncDispose]();
    expect(calls).toEqual(['stop', 'it did not stop']);
  });

  it('has its page loaded anew where its call goes on although Stop was pressed', async () => {
    const { calls, generation } = start(undefined, { outcome: new Promise(() => undefined) });
    await generation[Symbol.asyncDispose]();
    expect(calls).toEqual(['stop', 'it did not stop']);
  });

  it('has stopped where its call ends a moment after', async () => {
    const outcome = { type: 'broken', reason: 'stopped' } as const;
    const call: { outcome: Promise<typeof outcome>; settled?: typeof outcome } = {
      outcome: new Promise((resolve) => {
        setTimeout(() => {
          call.settled = outcome;
          resolve(outcome);
        }, 5);
      }),
    };
    const { calls, generation } = start(undefined, call);
    await generation[Symbol.asyncDispose]();
    expect(calls).toEqual(['stop']);
  });
});
