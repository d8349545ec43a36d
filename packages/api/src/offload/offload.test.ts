import { createHash } from 'node:crypto';

import { PLAIN_SETTINGS, type Plan } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { encodePlan, estimatePrompt, parseJson } from './offload.ts';

const planOf = (text: string): Plan => ({
  model: 'm',
  turns: [{ role: 'user', parts: [{ type: 'text', text }] }],
  settings: PLAIN_SETTINGS,
});
const large = 'ä word '.repeat(1_000_000);

/** How many turns the event loop takes until `work` is done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  const state = { turns: 0, isOver: false };
  const counting = (async () => {
    while (!state.isOver) {
      await new Promise(setImmediate);
      state.turns += 1;
    }
  })();
  await work();
  state.isOver = true;
  await counting;
  return state.turns;
}

describe('large requests', () => {
  it('are parsed as small ones are', async () => {
    const body = { text: large, more: [1, null, { deep: true }] };
    expect(await parseJson(Buffer.from(JSON.stringify(body)), 'utf-8')).toEqual(body);
    expect(await parseJson(Buffer.from('{"text":"\xe4"}', 'latin1'), 'latin1')).toEqual({
      text: 'ä',
    });
  });

  it('fail with the same errors', async () => {
    const broken = Buffer.from(`["${large}"`);
    for (const bytes of [Buffer.from('["'), broken]) {
      await expect(parseJson(bytes, 'utf-8')).rejects.toThrow(/^The body is not JSON: /);
    }
  });

  it('hold no more values than can be handed over', async () => {
    const body = Buffer.from(`[${'1,'.repeat(1_500_000)}1]`);
    await expect(parseJson(body, 'utf-8')).rejects.toThrow('more than 300000 JSON values');
  });

  it('are stored, and told apart, as their JSON', async () => {
    for (const plan of [planOf('hi'), planOf(large)]) {
      const json = JSON.stringify(plan);
      const { bytes, digest } = await encodePlan(plan);
      expect(Buffer.from(bytes).toString() === json).toBe(true);
      expect(digest).toBe(createHash('sha256').update(json).digest('hex'));
    }
  });

  it('are counted as small ones are, piece by piece', async () => {
    const [one, many] = [
      await estimatePrompt(planOf('a word ')),
      await estimatePrompt(planOf('a word '.repeat(100_000))),
    ];
    expect(many / one).toBeGreaterThan(50_000);
  });

  it('leave this thread to its other work', async () => {
    const plan = planOf('a word '.repeat(4_000_000));
    await encodePlan(plan); // the thread is there
    const here = await turnsDuring(async () => JSON.stringify(plan));
    expect(here).toBeLessThan(3);
    expect(await turnsDuring(() => encodePlan(plan))).toBeGreaterThan(20);
  });
});
