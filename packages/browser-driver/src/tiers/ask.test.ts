import { PLAIN_SETTINGS, type Plan, type Settings } from '@aistudio/core';
import { noFiles, silentLog } from '@aistudio/core/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { builtInKnowledge } from '../page/page-knowledge.ts';
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
    readFile: noFiles,
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
      readFile: noFiles,
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

describe('pressing Run', () => {
  let now: number;
  beforeEach(() => {
    now = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Asks on a page that sends nothing; gives how Run was pressed, and how that ended. */
  async function press(
    changes: object,
    changed: Partial<Assignment> = {},
  ): Promise<{ pressed: string[]; error: unknown }> {
    const pressed: string[] = [];
    const silent = {
      ...fullPage,
      run: (way: string) => Promise.resolve(pressed.push(way)),
      ...changes,
    };
    const plan: Plan = { model: 'm', turns: [], settings: { ...PLAIN_SETTINGS, stop: ['a'] } };
    const assignment: Assignment = {
      plan,
      readFile: noFiles,
      wording: new Wording(plan, undefined),
      model: undefined,
      slot: { page: silent } as unknown as Slot,
      phases: createPhases(),
      requireTurn: () => Promise.resolve(),
      log: silentLog,
      ...changed,
    };
    const nothing = (ms: number): Promise<undefined> => {
      now += ms;
      return Promise.resolve(undefined);
    };
    const error: unknown = await ask(assignment, nothing, new AbortController().signal).catch(
      (cause: unknown) => cause,
    );
    return { pressed, error };
  }
  /** A page of which everything can be read. */
  const fullPage = {
    ...page,
    isUnsent: () => Promise.resolve(false),
    readSayings: () => Promise.resolve({ inTurn: [], elsewhere: [] }),
    clearOverlays: () => Promise.resolve(),
    page: {
      url: () => 'https://aistudio.google.com/prompts/new_chat',
      title: () => Promise.resolve('Google AI Studio'),
    },
    kit: { knowledge: builtInKnowledge.current },
    look: () => Promise.resolve(undefined),
  };

  it('is never done a second time on a page that took the prompt', async () => {
    const { pressed, error } = await press({});
    expect(pressed).toEqual(['mouse']);
    expect(error).toMatchObject({ takeover: 'elsewhere' });
  });

  it('is done once more, by key, where the page kept the prompt', async () => {
    const { pressed, error } = await press({ isUnsent: () => Promise.resolve(true) });
    expect(pressed).toEqual(['mouse', 'keyboard']);
    expect(error).toMatchObject({ step: 'press Run' });
  });

  it('is not done where the turn is lost, not even the second time', async () => {
    const lost = new Error('another worker has it');
    const never = await press({}, { requireTurn: () => Promise.reject(lost) });
    expect(never).toEqual({ pressed: [], error: lost });
    let turns = 0;
    const requireTurn = (): Promise<void> =>
      ++turns === 1 ? Promise.resolve() : Promise.reject(lost);
    const once = await press({ isUnsent: () => Promise.resolve(true) }, { requireTurn });
    expect(once).toEqual({ pressed: ['mouse'], error: lost });
  });
});
