import { type JobEvent, PLAIN_SETTINGS, type Plan } from '@aistudio/core';
import { collect, noFiles, silentLog } from '@aistudio/core/testing';
import { describe, expect, it } from '@jest/globals';

import { type AnswerUpdate, type Segment } from '../page/answer-view.ts';
import { type CallOutcome } from '../page/call-outcome.ts';
import { builtInKnowledge } from '../page/page-knowledge.ts';
import { type Slot } from '../slots/slot.ts';
import { Wording } from '../tools/wording.ts';
import { createPhases } from './phases.ts';
import { readAnswer } from './read-answer.ts';
import { type SentAnswer } from './relay.ts';

const plan: Plan = { model: 'm', turns: [], settings: PLAIN_SETTINGS };
const finish: JobEvent = { type: 'finish', reason: 'stop' };
const text = (piece: string): JobEvent => ({ type: 'text', text: piece });
const source = (piece: string): Segment => ({ kind: 'text', text: piece, isSource: true });
const rendered = (piece: string): Segment => ({ kind: 'text', text: piece, isSource: false });
const thought: Segment = { kind: 'thought', text: 'Weighing', isSource: false };

const silent = { inTurn: [], elsewhere: [] };
/** What a look finds: these segments anew, of a page that generates until `isOver`. */
const look = (segments: Segment[], isOver = false, inTurn: string[] = []): AnswerUpdate => ({
  changes: segments.map((segment, index) => ({ ...segment, index, keep: 0 })),
  isGenerating: !isOver,
  hasEndMark: isOver,
  sayings: { ...silent, inTurn },
});

/** A page that shows this, look by look, and then goes on showing the last. */
function start(looks: AnswerUpdate[], sources: Segment[] = []) {
  const calls: string[] = [];
  const idle = { changes: [], isGenerating: false, hasEndMark: true, sayings: silent };
  const page = {
    rewindAnswer: () => Promise.resolve(),
    nextAnswer: () =>
      new Promise<AnswerUpdate>((resolve) => {
        setTimeout(() => resolve(looks.shift() ?? idle), 1);
      }),
    readSources: () => Promise.resolve(sources),
    readImage: () => Promise.resolve(undefined),
    kit: { knowledge: builtInKnowledge.current },
  };
  const slot = {
    page,
    distrust: () => void calls.push('distrusted'),
    accepted: () => void calls.push('accepted'),
    refused: () => void calls.push('refused'),
  };
  const assignment = {
    plan,
    readFile: noFiles,
    wording: new Wording(plan, undefined),
    model: undefined,
    slot: slot as unknown as Slot,
    phases: createPhases(),
    requireTurn: () => Promise.resolve(),
    log: silentLog,
  };
  const read = async (outcome?: CallOutcome, sent?: SentAnswer): Promise<JobEvent[]> => {
    const call = outcome && {
      outcome: Promise.resolve(outcome),
      settled: outcome,
      summary: undefined,
    };
    const limits = { firstTokenMs: 20_000, silenceMs: 20_000 };
    const { signal } = new AbortController();
    const events = readAnswer(assignment, call, limits, signal, sent);
    return (await collect(events)).slice(1); // without `started`
  };
  return { calls, read };
}
const words = (events: JobEvent[]): string =>
  events.map((event) => ('text' in event ? event.text : `[${event.type}]`)).join('');
const answered = (events: JobEvent[], extra: object = {}): CallOutcome => ({
  type: 'answered',
  status: 200,
  events,
  hasGaps: false,
  ...extra,
});

describe('readAnswer', () => {
  it('tells what the page received where that is known, whatever the page shows', async () => {
    const { calls, read } = start([look([rendered('bold')])]);
    expect(words(await read(answered([text('**bold**'), finish])))).toBe('**bold**[finish]');
    expect(calls).toEqual(['accepted']);
  });

  it('tells source as it appears, and the rest at the end, each once', async () => {
    const looks = [
      look([source('Hel')]),
      look([source('Hello, wor')]),
      look([source('Hello, world')], true),
    ];
    const { read } = start(looks, [source('Hello, world\n')]);
    const events = await read();
    expect(words(events)).toBe('Hello, world\n[finish]');
    expect(events.length).toBeGreaterThan(3);
  });

  it('tells no rendering as the model’s text, neither early nor at the end', async () => {
    const { read } = start([look([rendered('bold')], true)], [rendered('bold')]);
    await expect(read()).rejects.toThrow('does not give away its text');
  });

  it('takes the end from the page’s traffic where its content has gaps', async () => {
    const { read } = start([look([source('all')], true)], [source('all of it')]);
    const ends: JobEvent[] = [{ type: 'finish', reason: 'length' }];
    const events = await read(answered([text('all'), ...ends], { hasGaps: true }));
    expect(events.at(-1)).toEqual(ends[0]);
    expect(words(events)).toBe('all of it[finish]');
  });

  it('tells no thoughts again of which the client has the source', async () => {
    const looks = [look([thought, source('So')], true)];
    const { read } = start(looks, [thought, source('So it is.')]);
    expect(words(await read(undefined, { text: 'So', hasReasoning: true }))).toBe(
      'So it is.[finish]',
    );
  });

  it('ends with what the page received as an error, and remembers a refusal', async () => {
    const error = { status: 502, type: '', code: 'upstream_error', param: null };
    const message = 'AI Studio answered: permission denied.';
    const { calls, read } = start([]);
    const events = await read(
      answered([{ type: 'error', error: { ...error, message } }], { status: 403 }),
    );
    expect(events.map(({ type }) => type)).toEqual(['error']);
    expect(calls).toEqual(['refused']);
  });

  it('breaks off with the page’s own connection', async () => {
    const { read } = start([]);
    await expect(read({ type: 'broken', reason: 'reset' })).rejects.toMatchObject({
      takeover: 'final',
    });
  });
});
