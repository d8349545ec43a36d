import { PLAIN_SETTINGS, type Plan, type Settings } from '@aistudio/core';
import { silentLog } from '@aistudio/core/testing';
import { describe, expect, it } from '@jest/globals';

import { type PanelState } from '../page/panel-state.ts';
import { type Slot } from '../slots/slot.ts';
import { Wording } from '../tools/wording.ts';
import { ask } from './ask.ts';
import { createPhases } from './phases.ts';
import { type Assignment, started } from './tier.ts';

/** A panel that offers nothing but a length and stop sequences. */
const bare: PanelState = {
  modelId: 'm',
  numbers: { maxOutputTokens: { value: 100 } },
  toggles: {},
  stop: ['a'],
  hasSystem: false,
};
const page = {
  readPanel: () => Promise.resolve(bare),
  untilSettled: () => Promise.resolve(),
  setPrompt: () => Promise.resolve(),
  expectAnswer: () => Promise.resolve(),
  run: () => Promise.resolve(),
};

/** What the first event of an answer says after a request with these settings. */
async function startedAfter(settings: Partial<Settings>): Promise<object> {
  const plan: Plan = {
    model: 'm',
    turns: [],
    settings: { ...PLAIN_SETTINGS, stop: ['a'], ...settings },
  };
  const assignment: Assignment = {
    plan,
    wording: new Wording(plan, undefined),
    model: undefined,
    slot: { page } as unknown as Slot, // all of it that a filled page takes
    phases: createPhases(),
    requireTurn: () => Promise.resolve(),
    log: silentLog,
  };
  await ask(assignment, () => Promise.resolve({}), new AbortController().signal);
  return started('dom', assignment);
}

describe('ask', () => {
  it('lets the answer begin with what the page could not be made to do', async () => {
    const settings = {
      temperature: 0.5,
      topP: 0.5,
      thinking: { type: 'budget', tokens: 5 },
    } as const;
    expect(await startedAfter(settings)).toEqual({
      type: 'started',
      tier: 'dom',
      model: 'm',
      warnings: [
        'reasoning_effort: the model does not think',
        'temperature: the page has no such control',
        'top_p: the page has no such control',
      ],
    });
  });

  it('says nothing of wishes that are fulfilled, on the page or by us', async () => {
    expect(await startedAfter({ maxOutputTokens: 100, stop: ['a', 'x\ny'] })).toEqual({
      type: 'started',
      tier: 'dom',
      model: 'm',
    });
  });

  it('says in words what the page has no control for', async () => {
    const prompts: string[] = [];
    const panel: PanelState = { numbers: {}, toggles: {}, modelId: 'm' };
    const narrow = {
      ...page,
      readPanel: () => Promise.resolve(panel),
      newChat: () => Promise.resolve(),
      setPrompt: (text: string) => Promise.resolve(prompts.push(text)),
    };
    const functions = [{ name: 'look' }];
    const structuredOutput = { schema: { type: 'string' } };
    const plan: Plan = {
      model: 'm',
      turns: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
      settings: { ...PLAIN_SETTINGS, functions, structuredOutput },
    };
    const assignment: Assignment = {
      plan,
      wording: new Wording(plan, undefined),
      model: undefined,
      slot: { page: narrow } as unknown as Slot,
      phases: createPhases(),
      requireTurn: () => Promise.resolve(),
      log: silentLog,
    };
    await ask(assignment, () => Promise.resolve({}), new AbortController().signal);
    expect(prompts).toHaveLength(1);
    expect(prompts[0]).toMatch(/# Functions[^]*"look"[^]*# Form of the answer[^]*\n\nHi$/);
    expect(started('dom', assignment).warnings).toEqual([
      'tools: declared in words, since AI Studio does not take them here',
      'response_format: asked for in words, since AI Studio does not take it here',
    ]);
  });

  it('throws what the page said where words are forbidden', async () => {
    const calling = { mode: 'native', isRequired: false, isParallel: true } as const;
    const functions = [{ name: 'look' }];
    await expect(startedAfter({ functions, calling })).rejects.toMatchObject({
      code: 'unsupported_parameter',
      param: 'tools',
    });
  });
});
