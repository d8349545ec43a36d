import { type JobEvent, PLAIN_SETTINGS, type Plan } from '@aistudio/core';
import { collect, noFiles, silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { type Slot } from '../slots/slot.ts';
import { PromptRendering } from '../tools/prompt-rendering.ts';
import { createPhases } from './phases.ts';
import { runTiers } from './run-tiers.ts';
import { type Assignment, type Outlook, type Tier, TierFailedError } from './tier.ts';

const plan: Plan = { model: 'm', turns: [], settings: PLAIN_SETTINGS };
const assignment: Assignment = {
  plan,
  readFile: noFiles,
  rendering: new PromptRendering(plan, undefined),
  model: undefined,
  slot: {} as Slot, // no fake tier touches it
  phases: createPhases(),
  requireTurn: () => Promise.resolve(),
  log: silentLog,
};
const text = (piece: string): JobEvent => ({ type: 'text', text: piece });
const reasoning = (piece: string): JobEvent => ({ type: 'reasoning', text: piece });
const finish: JobEvent = { type: 'finish', reason: 'stop' };
const broken = (takeover: Outlook): Error =>
  new TierFailedError('upstream_error', 'broken', { takeover });

const fake = (name: Tier['name'], events: JobEvent[], failure?: Error): Tier => ({
  name,
  usesPage: name !== 'helper',
  async *answer() {
    yield* events;
    if (failure) throw failure;
  },
});
const resuming = (events: JobEvent[]): Tier => ({
  ...fake('dom', [], new Error('asked again')),
  async *resume() {
    yield* events;
  },
});
const run = (...tiers: Tier[]): Promise<JobEvent[]> =>
  collect(runTiers(tiers, assignment, new AbortController().signal));
const words = (events: JobEvent[]): string =>
  events.map((event) => ('text' in event ? event.text : `[${event.type}]`)).join('');

describe('runTiers', () => {
  it('passes the first tier’s answer on', async () => {
    expect(words(await run(fake('stream-proxy', [text('he'), text('llo'), finish])))).toBe(
      'hello[finish]',
    );
  });

  it('starts again on the next tier while the client has nothing', async () => {
    const events = await run(
      fake('stream-proxy', [], broken('restart')),
      fake('helper', [text('hello'), finish]),
    );
    expect(events[0]).toEqual({
      type: 'tier_changed',
      from: 'stream-proxy',
      to: 'helper',
      takeover: 'restart',
      reason: 'broken',
    });
    expect(words(events)).toBe('[tier_changed]hello[finish]');
  });

  it('asks elsewhere what the page does not send, never on the page again', async () => {
    const proxy = fake('stream-proxy', [], broken('elsewhere'));
    const dom = fake('dom', [text('pressed again'), finish]);
    await expect(run(proxy, dom)).rejects.toThrow('broken');
    const helper = fake('helper', [text('hello'), finish]);
    expect(words(await run(proxy, dom, helper))).toBe('[tier_changed]hello[finish]');
    await expect(run(proxy, fake('helper', [], broken('restart')), dom)).rejects.toThrow('broken');
  });

  it('fails rather than start again once the client has text', async () => {
    const proxy = fake('stream-proxy', [text('he')], broken('restart'));
    await expect(run(proxy, fake('dom', [text('hello'), finish]))).rejects.toThrow('broken');
  });

  it('sends only the missing rest when a tier goes on with the same answer', async () => {
    const events = await run(
      fake('stream-proxy', [reasoning('hm'), text('he')], broken('resume')),
      fake('helper', [text('another'), finish]),
      resuming([reasoning('h'), reasoning('mm'), text('hel'), text('lo'), finish]),
    );
    expect(words(events)).toBe('hmhe[tier_changed]mllo[finish]');
  });

  it('tells the tier that goes on what was sent, and lets it leave out what only others can tell', async () => {
    const citation: JobEvent = { type: 'citation', url: 'https://a.example', title: 'A' };
    const call: JobEvent = { type: 'tool_call', index: 0, id: 'a', name: 'f', arguments: '{}' };
    let told: unknown;
    const dom: Tier = {
      ...fake('dom', []),
      async *resume(_assignment, _signal, sent) {
        told = sent;
        yield* [text('hello'), call, finish];
      },
    };
    const events = [reasoning('**hm**'), text('he'), citation];
    expect(words(await run(fake('stream-proxy', events, broken('resume')), dom))).toBe(
      '**hm**he[citation][tier_changed]llo[tool_call][finish]',
    );
    expect(told).toEqual({ text: 'he', hasReasoning: true });
  });

  it('fails rather than start again once the client has a thought, or a call', async () => {
    const call: JobEvent = { type: 'tool_call', index: 0, id: 'a', name: 'f', arguments: '{}' };
    for (const sent of [reasoning('hm'), call]) {
      const proxy = fake('stream-proxy', [sent], broken('restart'));
      await expect(run(proxy, fake('dom', [text('hello'), finish]))).rejects.toThrow('broken');
    }
  });

  it('says that no thoughts were sent where there were none', async () => {
    let told: unknown;
    const dom: Tier = {
      ...fake('dom', []),
      async *resume(_assignment, _signal, sent) {
        told = sent;
        yield* [text('hello'), finish];
      },
    };
    await run(fake('stream-proxy', [text('he')], broken('resume')), dom);
    expect(told).toEqual({ text: 'he', hasReasoning: false });
  });

  it('adds to the sources that were sent only those that follow, and takes others for another answer', async () => {
    const source = (url: string): JobEvent => ({ type: 'citation', url, title: '' });
    const proxy = fake('stream-proxy', [source('a'), source('b')], broken('resume'));
    const events = await run(proxy, resuming([source('a'), source('b'), source('c'), finish]));
    const urls = events.flatMap((event) => (event.type === 'citation' ? [event.url] : []));
    expect(urls).toEqual(['a', 'b', 'c']);
    const other = resuming([source('a'), source('c'), finish]);
    await expect(run(proxy, other)).rejects.toThrow('broke off');
  });

  it('never joins two different answers', async () => {
    const proxy = fake('stream-proxy', [text('he')], broken('resume'));
    await expect(run(proxy, resuming([text('hallo'), finish]))).rejects.toThrow('broke off');
  });

  it('does not repeat a tool call, whatever id the next tier gives it', async () => {
    const call: JobEvent = { type: 'tool_call', index: 0, id: 'a', name: 'f', arguments: '{}' };
    const proxy = fake('stream-proxy', [call], broken('resume'));
    const again = { ...call, id: 'b' };
    expect(words(await run(proxy, resuming([again, text('x'), finish])))).toBe(
      '[tool_call][tier_changed]x[finish]',
    );
  });

  it('never takes one call for another', async () => {
    const call = (name: string): JobEvent => ({
      type: 'tool_call',
      index: 0,
      id: 'a',
      name,
      arguments: '{}',
    });
    const proxy = fake('stream-proxy', [call('f')], broken('resume'));
    await expect(run(proxy, resuming([call('g'), finish]))).rejects.toThrow('broke off');
  });

  it('takes nothing over from a final failure, nor from one it does not understand', async () => {
    const other = fake('dom', [finish]);
    for (const failure of [broken('final'), new Error('bug')]) {
      await expect(run(fake('stream-proxy', [], failure), other)).rejects.toBe(failure);
    }
  });
});

describe('what every tier’s answer goes through', () => {
  const call: JobEvent = { type: 'tool_call', index: 0, id: 'a', name: 'look', arguments: '{}' };
  const runWith = (
    settings: Partial<Plan['settings']>,
    events: JobEvent[],
  ): Promise<JobEvent[]> => {
    const asked = { ...plan, settings: { ...PLAIN_SETTINGS, ...settings } };
    const { signal } = new AbortController();
    return collect(runTiers([fake('dom', events)], { ...assignment, plan: asked }, signal));
  };
  const functions = [{ name: 'look' }];
  const required = { mode: 'auto', isRequired: true, isParallel: true } as const;

  it('fails without the call that tool_choice demands', async () => {
    const events = await runWith({ functions, calling: required }, [text('no'), finish]);
    expect(events).toEqual([
      { type: 'error', error: expect.objectContaining({ code: 'missing_tool_call' }) },
    ]);
    const made = await runWith({ functions, calling: required }, [call, finish]);
    expect(made.map(({ type }) => type)).toEqual(['tool_call', 'finish']);
  });

  it('demands no call where none is declared, or none is required', async () => {
    expect(words(await runWith({ calling: required }, [text('no'), finish]))).toBe('no[finish]');
    const calling = { ...required, isRequired: false };
    expect(words(await runWith({ functions, calling }, [text('no'), finish]))).toBe('no[finish]');
  });

  it('takes the fence off where JSON was asked for, and only there', async () => {
    const fenced = [text('```json\n{"a":1}\n```'), finish];
    expect(words(await runWith({ structuredOutput: {} }, fenced))).toBe('{"a":1}[finish]');
    expect(words(await runWith({}, fenced))).toContain('```json');
  });

  it('ends at a stop sequence', async () => {
    const answer = [text('one, tw'), text('o, three'), finish];
    expect(words(await runWith({ stop: ['two'] }, answer))).toBe('one, [finish]');
  });

  it('repeats nothing of an answer that it was to go on with', async () => {
    const begun = 'Once upon a time there was a king who';
    const events = [text(begun), text(' ruled'), finish];
    const go = (isUnfinished: boolean): Promise<JobEvent[]> => {
      const parts = [{ type: 'text', text: begun } as const];
      const turn = { role: 'assistant', parts, isUnfinished } as const;
      const asked = { ...plan, turns: [turn] };
      const { signal } = new AbortController();
      return collect(runTiers([fake('dom', events)], { ...assignment, plan: asked }, signal));
    };
    expect(words(await go(true))).toBe(' ruled[finish]');
    expect(words(await go(false))).toBe(`${begun} ruled[finish]`);
  });
});
