import { type JobEvent, PLAIN_SETTINGS, type Plan } from '@aistudio/core';
import { collect, noFiles, silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { type PanelState } from '../page/panel-state.ts';
import { type Slot } from '../slots/slot.ts';
import { PromptRendering } from '../tools/prompt-rendering.ts';
import { createDomTier } from './dom-tier.ts';
import { createPhases } from './phases.ts';
import { type Assignment } from './tier.ts';

const plan: Plan = {
  model: 'm',
  turns: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
  settings: PLAIN_SETTINGS,
};
const panel: PanelState = { modelId: 'm', numbers: {}, toggles: {}, stop: [], hasSystem: false };
const events: readonly JobEvent[] = [
  { type: 'text', text: 'Hello' },
  { type: 'finish', reason: 'stop' },
];
const outcome = { type: 'answered', status: 200, events, hasGaps: false } as const;

/** A page that answers; `calls` has what it was told. */
function start(changed: object = {}) {
  const calls: string[] = [];
  const note =
    <T>(name: string, value: T) =>
    (): Promise<T> => {
      calls.push(name);
      return Promise.resolve(value);
    };
  const page = {
    readPanel: () => Promise.resolve(panel),
    untilSettled: () => Promise.resolve(),
    setPrompt: () => Promise.resolve(),
    expectAnswer: () => Promise.resolve(),
    run: note('run', undefined),
    stop: note('stop', true),
    untilSent: note('until sent', true),
    rewindAnswer: () => Promise.resolve(),
    nextAnswer: () => new Promise(() => undefined),
  };
  const slot = {
    id: 'a',
    page,
    captures: undefined,
    evidence: {
      expect: () => undefined,
      call: note('call', { outcome: Promise.resolve(outcome), settled: undefined }),
    },
    bypassProxy: note('bypass', undefined),
    requireRecovery: () => undefined,
    accepted: () => undefined,
    refused: () => undefined,
    ...changed,
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
  return { calls, assignment, page };
}
const tier = createDomTier({ firstTokenMs: 5000, silenceMs: 5000 });
const { signal } = new AbortController();
const typesOf = (told: JobEvent[]): string[] => told.map(({ type }) => type);

describe('the DOM tier', () => {
  it('asks on the page, sees the request in its traffic, and tells the answer', async () => {
    const { calls, assignment } = start();
    const told = await collect(tier.answer(assignment, signal));
    expect(typesOf(told)).toEqual(['started', 'text', 'finish']);
    expect(calls).toEqual(['run', 'call']);
  });

  it('leaves the stream proxy first, which a tier before it gave up', async () => {
    const { calls, assignment } = start({ captures: {} });
    await collect(tier.answer(assignment, signal));
    expect(calls).toEqual(['bypass', 'run', 'call']);
  });

  it('goes by the page’s chat where its traffic is not looked at', async () => {
    const { calls, assignment, page } = start({ evidence: undefined });
    const broken = new Error('enough');
    Object.assign(page, { nextAnswer: () => Promise.reject(broken) });
    await expect(collect(tier.answer(assignment, signal))).rejects.toBe(broken);
    expect(calls).toEqual(['run', 'until sent', 'stop']);
  });

  it('goes on with an answer that another tier began, without pressing Run', async () => {
    const { calls, assignment } = start({ captures: {} });
    const sent = { text: 'He', hasReasoning: false };
    const told = await collect(tier.resume!(assignment, signal, sent));
    expect(typesOf(told)).toEqual(['started', 'text', 'finish']);
    expect(calls).toEqual(['call']);
  });
});
