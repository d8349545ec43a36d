import { PLAIN_SETTINGS, type Plan, type RequestSummary, type Settings } from '@aistudio/core';
import { noFiles, silentLog } from '@aistudio/testing';
import { digestTexts } from '@aistudio/wire';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { PageError } from '../page/page-error.ts';
import { builtInKnowledge } from '../page/page-knowledge.ts';
import { type PanelState } from '../page/panel-state.ts';
import { type Slot } from '../slots/slot.ts';
import { PromptRendering } from '../tools/prompt-rendering.ts';
import { ask, type SentRequest } from './ask.ts';
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
    rendering: new PromptRendering(plan, undefined),
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
      rendering: new PromptRendering(plan, undefined),
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
      rendering: new PromptRendering(plan, undefined),
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
    readMessages: () => Promise.resolve({ inTurn: [], elsewhere: [] }),
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

  it('waits as long as a page needs to take a prompt before it presses again', async () => {
    const looks: number[] = [];
    const isUnsent = (): Promise<boolean> => {
      looks.push(now);
      return Promise.resolve(true);
    };
    const { pressed } = await press({ isUnsent });
    expect(pressed).toHaveLength(2);
    expect(looks[0]).toBe(4500);
    expect(now).toBe(9000);
  });

  it('gives the page ten seconds for its request', async () => {
    await press({});
    expect(now).toBe(10_000);
  });

  it('has what covers Run taken away before the second time, and the page’s traffic looked at', async () => {
    const calls: string[] = [];
    const note = (name: string) => async (): Promise<void> => void calls.push(name);
    const evidence = { expect: () => void calls.push('look') };
    const covered = {
      ...fullPage,
      isUnsent: () => Promise.resolve(true),
      expectAnswer: note('expect'),
      run: note('run'),
      clearOverlays: note('clear'),
    };
    await press({}, { slot: { page: covered, evidence } as unknown as Slot });
    const round = ['look', 'expect', 'run', 'clear'];
    expect(calls).toEqual([...round, ...round]);
  });

  it('is given up where the page says that it failed, which a refusal makes known', async () => {
    let isRefused = false;
    const failing = (said: string) => ({
      ...fullPage,
      readMessages: () => Promise.resolve({ inTurn: [said], elsewhere: [] }),
    });
    const slotOf = (said: string): Slot =>
      ({ page: failing(said), refused: () => void (isRefused = true) }) as unknown as Slot;
    const { error } = await press({}, { slot: slotOf('Quota exceeded') });
    expect(error).toMatchObject({ code: 'rate_limit_exceeded' });
    expect([isRefused, now]).toEqual([false, 500]);
    await press({}, { slot: slotOf('Permission denied') });
    expect(isRefused).toBe(true);
  });

  it('goes on where the page says only that something is held back', async () => {
    const { error } = await press({
      readMessages: () => Promise.resolve({ inTurn: ['Content blocked'], elsewhere: [] }),
    });
    expect(error).toMatchObject({ takeover: 'elsewhere' });
  });

  it('has failed because of the sign-out where the page has been led to the login', async () => {
    const away = {
      url: () => 'https://accounts.google.com/signin',
      title: () => Promise.resolve('Sign in'),
    };
    const { error } = await press({ page: away });
    expect(error).toMatchObject({ code: 'not_signed_in' });
  });
});

describe('filling the page', () => {
  const { signal } = new AbortController();
  /** Fills a page, of which this is changed; `calls` has what it was told, with what the plan says. */
  async function fill(
    changes: object,
    asked: Partial<Plan> = {},
    request: SentRequest = {},
  ): Promise<{ calls: unknown[]; error: unknown; assignment: Assignment }> {
    const calls: unknown[] = [];
    const note =
      (name: string) =>
      async (...values: unknown[]): Promise<void> =>
        void calls.push([name, ...values.filter((value) => value !== signal)]);
    const filled = {
      ...page,
      open: note('open'),
      newChat: note('new chat'),
      attach: note('attach'),
      setPrompt: note('prompt'),
      run: note('run'),
      stop: note('stop'),
      page: {
        url: () => 'https://aistudio.google.com/prompts/new_chat',
        title: () => Promise.resolve('Google AI Studio'),
      },
      look: () => Promise.resolve(undefined),
      ...changes,
    };
    const plan: Plan = {
      model: 'm',
      turns: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
      settings: { ...PLAIN_SETTINGS, stop: ['a'] },
      ...asked,
    };
    const assignment: Assignment = {
      plan,
      readFile: noFiles,
      rendering: new PromptRendering(plan, undefined),
      model: undefined,
      slot: { page: filled, requireRecovery: () => undefined } as unknown as Slot,
      phases: createPhases(),
      requireTurn: () => Promise.resolve(),
      log: silentLog,
    };
    const asking = ask(assignment, () => Promise.resolve(request), signal);
    const error: unknown = await asking.then(
      () => undefined,
      (cause: unknown) => cause,
    );
    return { calls, error, assignment };
  }
  const named = (calls: unknown[]): unknown[] => calls.map((call) => (call as unknown[])[0]);

  it('attaches files before the prompt, and only where there are some', async () => {
    const { calls } = await fill({});
    expect(calls).toEqual([
      ['prompt', 'Hi', expect.any(String), false],
      ['run', 'mouse'],
    ]);
    const stored = { number: 0, size: 0, digest: '' };
    const file = { type: 'file', name: 'a.txt', mimeType: 'text/plain', ...stored } as const;
    const withFile = await fill({}, { turns: [{ role: 'user', parts: [file] }] });
    expect(withFile.calls.slice(0, 2)).toEqual([
      ['attach', [expect.stringContaining('a.txt')]],
      ['prompt', expect.any(String), expect.any(String), true],
    ]);
  });

  it('fails as before Run, so that another page may do', async () => {
    const trouble = new PageError('enter the prompt', 'the box is gone');
    const { error } = await fill({ setPrompt: () => Promise.reject(trouble) });
    expect(error).toMatchObject({ step: 'enter the prompt', isUnsent: true });
    const bug = new Error('bug');
    const other = await fill({ setPrompt: () => Promise.reject(bug) });
    expect(other.error).toBe(bug);
  });

  it('fails because of the sign-out where the page has been led to the login', async () => {
    const trouble = new PageError('enter the prompt', 'the box is gone');
    const { error } = await fill({
      setPrompt: () => Promise.reject(trouble),
      page: {
        url: () => 'https://accounts.google.com/signin',
        title: () => Promise.resolve('Sign in'),
      },
    });
    expect(error).toMatchObject({ code: 'not_signed_in' });
  });

  it('loads the page anew where it holds a schema of before, and JSON is wanted without one', async () => {
    const json = { settings: { ...PLAIN_SETTINGS, stop: ['a'], structuredOutput: {} } };
    const old = await fill({ holdsSchema: true }, json);
    expect(named(old.calls).slice(0, 2)).toEqual(['open', 'new chat']);
    const none = await fill({ holdsSchema: false }, json);
    expect(named(none.calls)).not.toContain('open');
    const plain = await fill({ holdsSchema: true });
    expect(named(plain.calls)).not.toContain('open');
  });

  it('warns of what the request may lack, and asks all the same', async () => {
    const summary: RequestSummary = {
      model: 'm',
      stop: [],
      hasResponseSchema: false,
      googleSearch: false,
      urlContext: false,
      codeExecution: false,
      functionNames: [],
      contentCount: 1,
      partCount: 1,
      fileCount: 0,
      promptDigest: digestTexts(['Hi']),
    };
    const { error, assignment, calls } = await fill({}, {}, { summary });
    expect(error).toBeUndefined();
    expect(assignment.warnings).toEqual(['stop: AI Studio may not have been asked with it']);
    expect(named(calls)).toEqual(['prompt', 'run']);
    const unread = await fill({}, {}, { undecodable: 'too large' });
    expect(unread.error).toBeUndefined();
  });
});
