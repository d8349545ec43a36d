import { type JobEvent, PLAIN_SETTINGS, type Plan } from '@aistudio/core';
import { type HelperClient, HelperError } from '@aistudio/helper-client';
import { noFiles, silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { type Slot } from '../slots/slot.ts';
import { PromptRendering } from '../tools/prompt-rendering.ts';
import { createHelperTier } from './helper-tier.ts';
import { createPhases } from './phases.ts';
import { type Assignment, TierFailedError } from './tier.ts';

const plan: Plan = { model: 'm', turns: [], settings: PLAIN_SETTINGS };
const assignment: Assignment = {
  plan,
  readFile: noFiles,
  rendering: new PromptRendering(plan, undefined),
  model: undefined,
  slot: {} as Slot, // the helper has no use for it
  phases: createPhases(),
  requireTurn: () => Promise.resolve(),
  log: silentLog,
};
const started: JobEvent = { type: 'started', tier: 'helper', model: 'm' };
const text: JobEvent = { type: 'text', text: 'Hi' };
const finish: JobEvent = { type: 'finish', reason: 'stop' };

const fake = (events: JobEvent[], failure?: Error): HelperClient => ({
  isResting: false,
  async *answer() {
    yield* events;
    if (failure) throw failure;
  },
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

/** What the tier yields, and how it fails. */
async function run(
  helper: HelperClient,
  signal = new AbortController().signal,
): Promise<{ events: JobEvent[]; failure?: unknown }> {
  const events: JobEvent[] = [];
  try {
    for await (const event of createHelperTier(helper).answer(assignment, signal)) {
      events.push(event);
    }
    return { events };
  } catch (failure) {
    return { events, failure };
  }
}

describe('the helper tier', () => {
  it('passes the helper’s answer on', async () => {
    expect(await run(fake([started, text, finish]))).toEqual({ events: [started, text, finish] });
    expect(assignment.phases.read()).toMatchObject({
      submit: expect.any(Number),
      first_event: expect.any(Number),
    });
  });

  it.each([
    ['lets another tier start while there is no content', [started], 'restart', 'upstream_error'],
    ['is final once there is', [started, text], 'final', 'upstream_interrupted'],
    ['says so when it took too long', [started, text], 'final', 'timeout'],
  ] as const)('%s', async (_title, events, takeover, code) => {
    const said = code === 'timeout' ? code : 'upstream_error';
    const error = new HelperError('No.', { isOutage: true, code: said });
    const { failure } = await run(fake([...events], error));
    expect(failure).toBeInstanceOf(TierFailedError);
    expect(failure).toMatchObject({ takeover, code, message: 'No.' });
  });

  it('is not taken over when the client has gone, nor from a fault of our own', async () => {
    const gone = new HelperError('gone', { isOutage: false });
    expect((await run(fake([], gone), AbortSignal.abort())).failure).toBe(gone);
    const bug = new Error('bug');
    expect((await run(fake([], bug))).failure).toBe(bug);
  });
});
