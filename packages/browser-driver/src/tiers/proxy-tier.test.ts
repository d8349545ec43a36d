import { type CaptureRecord, type JobEvent, PLAIN_SETTINGS, type Plan } from '@aistudio/core';
import { noFiles, silentLog } from '@aistudio/testing';
import { digestTexts } from '@aistudio/wire';
import { describe, expect, it, jest } from '@jest/globals';

import { type CaptureReader } from '../captures/capture-feed.ts';
import { type CallOutcome } from '../page/call-outcome.ts';
import { type PanelState } from '../page/panel-state.ts';
import { type Slot } from '../slots/slot.ts';
import { PromptRendering } from '../tools/prompt-rendering.ts';
import { createPhases } from './phases.ts';
import { createProxyTier } from './proxy-tier.ts';
import { type Assignment, TierFailedError } from './tier.ts';

const plan: Plan = {
  model: 'm',
  turns: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
  settings: PLAIN_SETTINGS,
};
const panel: PanelState = { modelId: 'm', numbers: {}, toggles: {}, stop: [], hasSystem: false };
const text: JobEvent = { type: 'text', text: 'Hello' };
const finish: JobEvent = { type: 'finish', reason: 'stop' };

/** A page that can be filled, and sends when Run is pressed; `calls` has what it was told otherwise. */
function start(records: (CaptureRecord | undefined)[], settled?: CallOutcome) {
  const calls: string[] = [];
  const note = (name: string) => (): Promise<boolean> => {
    calls.push(name);
    return Promise.resolve(true);
  };
  const page = {
    readPanel: () => Promise.resolve(panel),
    untilSettled: () => Promise.resolve(),
    setPrompt: () => Promise.resolve(),
    expectAnswer: () => Promise.resolve(),
    run: note('run'),
    stop: note('stop'),
    newChat: note('new chat'),
    readMessages: () => Promise.resolve({ inTurn: [], elsewhere: [] }),
    isUnsent: () => Promise.resolve(false),
    kit: { knowledge: { complaints: [] } },
  };
  const reader: CaptureReader = {
    next: async () => {
      if (records.length > 0) return records.shift();
      throw new Error('nothing more comes');
    },
    [Symbol.dispose]: () => void calls.push('unfollowed'),
  };
  const call = { outcome: new Promise<never>(() => undefined), settled };
  const slot = {
    id: 'a',
    page,
    captures: { follow: () => Promise.resolve(reader) },
    evidence: {
      expect: () => undefined,
      call: () => Promise.resolve(settled ? call : undefined),
    },
    requireRecovery: (why: string) => void calls.push(`recovery required: ${why}`),
    accepted: note('accepted'),
    refused: note('refused'),
  };
  const assignment: Assignment = {
    plan,
    readFile: noFiles,
    rendering: new PromptRendering(plan, undefined),
    model: undefined,
    slot: slot as unknown as Slot,
    phases: createPhases(),
    requireTurn: () => Promise.resolve(),
    log: silentLog,
  };
  return { calls, assignment };
}

const request = (prompt = 'Hi', exchange = 'x'): CaptureRecord => ({
  type: 'request',
  exchange,
  index: 0,
  at: 0,
  summary: {
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
    promptDigest: digestTexts([prompt]),
  },
});
const response = (status = 200): CaptureRecord => ({
  type: 'response',
  exchange: 'x',
  index: 1,
  status,
});
const event = (told: JobEvent, exchange = 'x'): CaptureRecord => ({
  type: 'event',
  exchange,
  index: 2,
  at: 0,
  event: told,
});
const end = (how: 'complete' | 'truncated' | 'undecodable'): CaptureRecord => ({
  type: 'end',
  exchange: 'x',
  index: 3,
  end: how,
  unknownFrames: 0,
});

/** Asks, and gives what came and how it failed, if it did. */
async function answer(
  { assignment }: { readonly assignment: Assignment },
  isProxyUp = true,
): Promise<{ types: string[]; takeover: string | undefined }> {
  const limits = { firstTokenMs: 5000, silenceMs: 5000 };
  const tier = createProxyTier({ limits, isProxyUp: () => isProxyUp });
  const types: string[] = [];
  try {
    for await (const { type } of tier.answer(assignment, new AbortController().signal)) {
      types.push(type);
    }
  } catch (error) {
    if (!(error instanceof TierFailedError)) throw error;
    return { types, takeover: error.takeover };
  }
  return { types, takeover: undefined };
}

describe('the stream-proxy tier', () => {
  it('tells the page’s own answer, and leaves a page that has finished alone', async () => {
    const run = start([request(), response(), event(text), event(finish)]);
    expect(await answer(run)).toEqual({
      types: ['started', 'text', 'finish'],
      takeover: undefined,
    });
    expect(run.calls).toEqual(['run', 'accepted', 'unfollowed']);
  });

  it('tells nothing of another exchange', async () => {
    const other = event(text, 'of before');
    const run = start([other, request(), response(), other, event(finish)]);
    expect((await answer(run)).types).toEqual(['started', 'finish']);
  });

  it('leaves the page to go on where the answer cannot be read', async () => {
    const run = start([request(), response(), event(text), end('undecodable')]);
    expect(await answer(run)).toEqual({ types: ['started', 'text'], takeover: 'resume' });
    expect(run.calls).not.toContain('stop');
  });

  it('ends with an answer that broke off, and stops the page', async () => {
    const run = start([request(), response(), event(text), end('truncated')]);
    expect((await answer(run)).takeover).toBe('final');
    expect(run.calls).toContain('stop');
  });

  it('lets another ask when the proxy is gone', async () => {
    const before = start([undefined]);
    expect(await answer(before, false)).toEqual({ types: [], takeover: 'restart' });
    const after = start([request(), response(), undefined]);
    expect(await answer(after, false)).toEqual({ types: ['started'], takeover: 'restart' });
  });

  it('lets the page tell an answer whose end the proxy missed', async () => {
    const whole = {
      type: 'answered',
      status: 200,
      events: [text, finish],
      hasGaps: false,
    } as const;
    const silence = [undefined, undefined, undefined];
    const run = start([request(), response(), event(text), ...silence], whole);
    expect((await answer(run)).takeover).toBe('resume');
    const broken = start([request(), response(), ...silence], { type: 'broken', reason: 'reset' });
    expect((await answer(broken)).takeover).toBe('restart');
  });

  it('waits a moment for what the proxy tells later than the page knows it', async () => {
    const whole = {
      type: 'answered',
      status: 200,
      events: [text, finish],
      hasGaps: false,
    } as const;
    const late = [
      request(),
      response(),
      undefined,
      undefined,
      event(text),
      undefined,
      event(finish),
    ];
    expect(await answer(start(late, whole))).toEqual({
      types: ['started', 'text', 'finish'],
      takeover: undefined,
    });
  });

  it('remembers a refusal, by its status or its words', async () => {
    const error = { status: 403, type: '', code: 'upstream_error', param: null };
    const byStatus = start([request(), response(403), event(finish)]);
    await answer(byStatus);
    const message = 'The caller does not have permission';
    const byWords = start([
      request(),
      response(),
      event({ type: 'error', error: { ...error, message } }),
    ]);
    await answer(byWords);
    expect(byStatus.calls).toContain('refused');
    expect(byWords.calls).toContain('refused');
  });

  it('asks once more in a new chat where the page sent something else, and never a third time', async () => {
    const once = start([request('other'), request(), response(), event(finish)]);
    expect((await answer(once)).types).toEqual(['started', 'finish']);
    expect(once.calls.slice(0, 5)).toEqual([
      'run',
      expect.stringContaining('recovery required'),
      'stop',
      'new chat',
      'run',
    ]);
    const twice = start([request('other'), request('other')]);
    await expect(answer(twice)).rejects.toThrow('does not send what was asked: prompt');
    expect(twice.calls.filter((call) => call === 'run')).toHaveLength(2);
  });

  it('leaves the page to others where it has no stream proxy', async () => {
    const run = start([]);
    Object.assign(run.assignment.slot, { captures: undefined });
    expect(await answer(run)).toEqual({ types: [], takeover: 'restart' });
    expect(run.calls).toEqual([]);
  });

  it('stops following the proxy whatever the end', async () => {
    const broken = start([request(), response(), end('truncated')]);
    await answer(broken);
    expect(broken.calls).toContain('unfollowed');
  });

  it('says how long the first piece took, once', async () => {
    const run = start([request(), response(), event(text), event(text), event(finish)]);
    const marks: string[] = [];
    Object.assign(run.assignment.phases, { mark: (phase: string) => void marks.push(phase) });
    await answer(run);
    expect(marks).toEqual(['fill', 'submit', 'first_event']);
  });

  it('begins no answer that the service refused, and takes no other error for a refusal', async () => {
    const error = { status: 429, type: '', code: 'rate_limit_exceeded', param: null, message: '' };
    const run = start([request(), response(429), event({ type: 'error', error })]);
    expect((await answer(run)).types).toEqual(['error']);
    expect(run.calls).not.toContain('accepted');
    expect(run.calls).not.toContain('refused');
  });

  it('leaves the page to go on where the proxy never saw the request that the page has sent', async () => {
    let now = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    const records = Array.from({ length: 30 }, () => undefined);
    const run = start(records);
    const place = {
      url: () => 'https://aistudio.google.com/prompts/new_chat',
      title: async () => '',
    };
    Object.assign(run.assignment.slot.page, { page: place });
    let isSent = false;
    Object.assign(run.assignment.slot, {
      evidence: {
        expect: () => undefined,
        call: () => {
          now += 1000;
          return Promise.resolve(isSent ? { outcome: new Promise(() => undefined) } : undefined);
        },
      },
    });
    expect(await answer(run)).toEqual({ types: [], takeover: 'elsewhere' });
    isSent = true;
    now = 0;
    expect(await answer(run)).toEqual({ types: [], takeover: 'resume' });
    expect(now).toBeGreaterThan(5000);
    jest.restoreAllMocks();
  });

  it('does without a look at the page’s traffic, and without what comes beside the answer', async () => {
    const models: CaptureRecord = { type: 'models', models: [] };
    const silence = [undefined, undefined, undefined, undefined];
    const run = start([
      undefined,
      models,
      request(),
      response(),
      models,
      ...silence,
      event(finish),
    ]);
    Object.assign(run.assignment.slot, { evidence: undefined });
    expect(await answer(run)).toEqual({ types: ['started', 'finish'], takeover: undefined });
  });
});
