import { EventEmitter, once } from 'node:events';

import { type JobEvent, PLAIN_SETTINGS, type Plan } from '@aistudio/core';
import { collect, noFiles, silentLog } from '@aistudio/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { type AnswerUpdate, type Segment } from '../page/answer-view.ts';
import { type CallOutcome } from '../page/call-outcome.ts';
import { type ImageBytes } from '../page/in-page/images.ts';
import { builtInKnowledge } from '../page/page-knowledge.ts';
import { type Slot } from '../slots/slot.ts';
import { PromptRendering } from '../tools/prompt-rendering.ts';
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
  messages: { ...silent, inTurn },
});

/** Each look at the clock finds it this much later, so that no test waits for a page to be quiet. */
const TICK_MS = 50;
beforeEach(() => {
  let now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => (now += TICK_MS));
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** A page that shows this, look by look, and then goes on showing the last. */
function start(
  looks: AnswerUpdate[],
  sources: Segment[] = [],
  images: Readonly<Record<string, ImageBytes>> = {},
) {
  const calls: string[] = [];
  let last = look([], true);
  let count = 0;
  const looked = new EventEmitter();
  const page = {
    rewindAnswer: () => Promise.resolve(),
    nextAnswer: (_ms: number, signal: AbortSignal) =>
      new Promise<AnswerUpdate>((resolve, reject) => {
        setTimeout(() => {
          if (signal.aborted) return reject(signal.reason as Error);
          const next = looks.shift();
          looked.emit(String(++count));
          last = { ...(next ?? last), changes: [] };
          resolve(next ?? last);
        }, 1);
      }),
    readSources: () => Promise.resolve(sources),
    readImage: (address: string) => Promise.resolve(images[address]),
    kit: { knowledge: builtInKnowledge.current },
  };
  const slot = {
    page,
    requireRecovery: (reason: string) => void calls.push(`recovery required: ${reason}`),
    accepted: () => void calls.push('accepted'),
    refused: () => void calls.push('refused'),
  };
  const assignment = {
    plan,
    readFile: noFiles,
    rendering: new PromptRendering(plan, undefined),
    model: undefined,
    slot: slot as unknown as Slot,
    phases: createPhases(),
    requireTurn: () => Promise.resolve(),
    log: silentLog,
  };
  const read = async (
    outcome?: CallOutcome | Promise<CallOutcome>,
    sent?: SentAnswer,
    firstTokenMs = 20_000,
  ): Promise<JobEvent[]> => {
    const call = outcome && {
      outcome: Promise.resolve(outcome),
      settled: undefined,
      summary: undefined,
    };
    const limits = { firstTokenMs, silenceMs: 20_000 };
    const { signal } = new AbortController();
    const events = readAnswer(assignment, call, limits, signal, sent);
    return (await collect(events)).slice(1); // without `started`
  };
  /** This, once so many looks were taken at the page. */
  const afterLooks = async (after: number, outcome: CallOutcome): Promise<CallOutcome> => {
    await once(looked, String(after));
    return outcome;
  };
  return { calls, read, afterLooks, phases: assignment.phases };
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

describe('a page that shows an answer', () => {
  it('counts the first piece of the answer once, as the phase that ends with it', async () => {
    const { read, phases } = start(
      [look([source('Hel')]), look([source('Hello')], true)],
      [source('Hello')],
    );
    const marks = jest.spyOn(phases, 'mark');
    await read();
    expect(marks.mock.calls).toEqual([['first_event']]);
    marks.mockClear();
    const empty = start([], []);
    const none = jest.spyOn(empty.phases, 'mark');
    await empty.read(answered([finish]));
    expect(none).not.toHaveBeenCalled();
  });

  it('is read to its end where the browser has no body of the answer to show', async () => {
    const { read, calls } = start([look([source('all')], true)], [source('all')]);
    expect(words(await read({ type: 'unreadable' }))).toBe('all[finish]');
    expect(calls).toEqual([]);
  });

  it('waits for the page’s traffic, which may be reported later than the page is done', async () => {
    const { read, afterLooks } = start([look([source('all')], true)], [source('all')]);
    const outcome = afterLooks(8, answered([text('all'), { type: 'finish', reason: 'length' }]));
    const events = await read(outcome);
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'length' });
  });

  it('is believed by itself where its traffic is not reported in time', async () => {
    const { read } = start([look([source('all')], true)], [source('all')]);
    expect(words(await read(new Promise(() => undefined)))).toBe('all[finish]');
  });

  it('keeps the limit for the first piece of the answer until it shows one', async () => {
    const idle = look([source('')]);
    const endless = Array.from({ length: 5000 }, () => idle);
    await expect(start(endless).read(undefined, undefined, 30)).rejects.toMatchObject({
      code: 'timeout',
    });
    const growing = Array.from({ length: 40 }, (_, index) => look([source('a'.repeat(index + 1))]));
    const { read } = start(
      [...growing, look([source('a'.repeat(40))], true)],
      [source('a'.repeat(40))],
    );
    expect(words(await read(undefined, undefined, 30))).toBe(`${'a'.repeat(40)}[finish]`);
  });
});

describe('a refusal', () => {
  const refused = { status: 502, type: '', code: 'upstream_error', param: null };
  const permission = { ...refused, message: 'The caller does not have permission.' };

  it.each([
    ['a status of 403', answered([finish], { status: 403 }), ['refused']],
    ['words in a good answer', answered([{ type: 'error', error: permission }]), ['refused']],
    ['another status', answered([finish], { status: 429 }), []],
    [
      'another error',
      answered([{ type: 'error', error: { ...refused, message: '' } }]),
      ['accepted'],
    ],
  ] as const)('is known by its status or its words: %s', async (_name, outcome, expected) => {
    const { read, calls } = start([]);
    await read(outcome);
    expect(calls).toEqual(expected);
  });
});

describe('what the page says', () => {
  const says = (said: string, segments: Segment[] = []): AnswerUpdate =>
    look(segments, true, [said]);
  const codes = (events: JobEvent[]): string[] =>
    events.map((event) => (event.type === 'error' ? event.error.code : event.type));

  it('ends an answer that failed, and makes the page suspect', async () => {
    const { read, calls } = start([says('An internal error has occurred.')]);
    expect(codes(await read())).toEqual(['upstream_error']);
    expect(calls).toEqual([expect.stringContaining('recovery required: ')]);
  });

  it('is an interruption once the client has a part of the answer', async () => {
    const { read } = start([look([source('Hel')]), says('An internal error has occurred.')]);
    expect(codes(await read())).toEqual(['text', 'upstream_interrupted']);
  });

  it('leaves a page alone that is not to blame', async () => {
    const { read, calls } = start([look([source('Hel')]), says('Quota exceeded')]);
    expect(codes(await read())).toEqual(['text', 'rate_limit_exceeded']);
    expect(calls).toEqual([]);
  });

  it('is a refusal where it denies permission', async () => {
    const { read, calls } = start([says('Permission denied')]);
    await read();
    expect(calls[0]).toBe('refused');
  });

  it('waits for the page’s traffic, which knows better what failed', async () => {
    const { read, afterLooks } = start([says('An internal error has occurred.')]);
    const outcome = afterLooks(3, answered([text('all'), finish]));
    expect(codes(await read(outcome))).toEqual(['text', 'finish']);
  });

  it('ends a blocked answer as filtered', async () => {
    const { read } = start([says('Content blocked', [source('half')])], [source('half')]);
    expect((await read()).at(-1)).toEqual({ type: 'finish', reason: 'content_filter' });
  });
});

describe('a finished answer', () => {
  const over = [look([], true)];
  const call: Segment = { kind: 'call', text: '["look","{}"]', isSource: true };
  const image: Segment = { kind: 'image', text: 'blob:1', isSource: true };
  const remark = (said: string): Segment => ({ kind: 'remark', text: said, isSource: false });

  it('ends with calls where it has one', async () => {
    const events = await start(over, [call]).read();
    expect(events.map(({ type }) => type)).toEqual(['tool_call', 'finish']);
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'tool_calls' });
    expect((await start(over, [source('no')]).read()).at(-1)).toEqual(finish);
  });

  it('has its images, or is not told', async () => {
    const bytes = { mimeType: 'image/png', data: 'AAAA' };
    const events = await start(over, [image], { 'blob:1': bytes }).read();
    expect(events[0]).toEqual({ type: 'media', ...bytes });
    await expect(start(over, [image]).read()).rejects.toThrow('an image in it');
  });

  it('may be empty, but for labels; words of an unknown form are no empty answer', async () => {
    for (const label of ['Model', '10:42', 'AM', '12.5s', 'Thinking', '…']) {
      expect(await start(over, [remark(label)]).read()).toEqual([finish]);
    }
    await expect(start(over, [remark('Here you are')]).read()).rejects.toThrow('the words in it');
    const withText = await start(over, [remark('Here you are'), source('text')]).read();
    expect(words(withText)).toBe('text[finish]');
    await expect(start(over, [thought, remark('Here you are')]).read()).rejects.toThrow(
      'the words',
    );
    const blocked = start([look([], true, ['Content blocked'])], [remark('Content blocked')]);
    expect((await blocked.read()).at(-1)).toMatchObject({ reason: 'content_filter' });
  });
});
