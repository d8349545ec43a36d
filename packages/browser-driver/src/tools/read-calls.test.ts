import {
  type Calling,
  type FunctionDeclaration,
  type JobEvent,
  PLAIN_SETTINGS,
  type Plan,
} from '@aistudio/core';
import { collect, silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { demandCall } from './demand-call.ts';
import { readCalls } from './read-calls.ts';
import { toBlock } from './tagged-block.ts';

const CODE = 'ab12cd34';
const weather: FunctionDeclaration = {
  name: 'get_weather',
  parameters: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer', exclusiveMinimum: 0 } },
    required: ['city'],
    additionalProperties: false,
  },
};
const anything: FunctionDeclaration = { name: 'anything' };

const planOf = (calling: Partial<Calling> = {}, turns: Plan['turns'] = []): Plan => ({
  model: 'm',
  turns,
  settings: {
    ...PLAIN_SETTINGS,
    functions: [weather, anything],
    calling: { mode: 'auto', isRequired: false, isParallel: true, ...calling },
  },
});
const text = (piece: string): JobEvent => ({ type: 'text', text: piece });
const written = (name: string, body: string): JobEvent =>
  text(toBlock('call', CODE, { tool: name }, body));
const native = (name: string, json: string, id = 'call_1'): JobEvent => ({
  type: 'tool_call',
  index: 7,
  id,
  name,
  arguments: json,
});
const finish = (reason: 'stop' | 'length' = 'stop'): JobEvent => ({ type: 'finish', reason });

async function* each(events: readonly JobEvent[]): AsyncGenerator<JobEvent> {
  yield* events;
}
const read = (events: JobEvent[], plan = planOf()): Promise<JobEvent[]> =>
  collect(readCalls(each(events), plan, CODE, silentLog));
const codeOfError = (events: readonly JobEvent[]): string | undefined => {
  const last = events.at(-1);
  return last?.type === 'error' ? last.error.code : undefined;
};

describe('readCalls', () => {
  it('makes calls of what the model wrote', async () => {
    const body = '{ "city": "Zürich", "days": 12345678901234567890 }';
    const events = await read([text('First'), written('get_weather', body), finish()]);
    expect(events).toEqual([
      text('First'),
      {
        type: 'tool_call',
        index: 0,
        id: expect.stringMatching(/^call_[0-9a-f]{32}$/),
        name: 'get_weather',
        arguments: body,
      },
      { type: 'finish', reason: 'tool_calls' },
    ]);
  });

  it('T-06: gives a call without arguments an empty object', async () => {
    expect(await read([written('anything', ''), finish()])).toMatchObject([
      { name: 'anything', arguments: '{}' },
      {},
    ]);
  });

  it('T-07: gives every call of a conversation an id of its own, and keeps those it can', async () => {
    const turns: Plan['turns'] = [
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', callId: 'call_1', name: 'anything', arguments: '{}' }],
      },
    ];
    const calls = [native('anything', '{}', 'call_2'), native('anything', '{}', 'call_1')];
    const events = await read(
      [...calls, native('anything', '{}', 'call_2'), finish()],
      planOf({}, turns),
    );
    const ids = events.flatMap((event) => (event.type === 'tool_call' ? [event.id] : []));
    expect(ids[0]).toBe('call_2');
    expect(new Set([...ids, 'call_1']).size).toBe(4);
    expect(events.slice(0, 3)).toMatchObject([{ index: 0 }, { index: 1 }, { index: 2 }]);
  });

  it.each<[string, JobEvent[]]>([
    ['of a function that is not declared', [native('other', '{}')]],
    ['with a value that breaks the schema', [written('get_weather', '{"city":"A","days":0}')]],
    ['with a property too many', [written('get_weather', '{"city":"A","more":1}')]],
    ['with a property too few', [written('get_weather', '{}')]],
    ['whose arguments are no JSON', [written('get_weather', '{"city":')]],
    ['whose arguments are no object', [written('anything', '[1]')]],
    ['that was not finished', [text(`<call-${CODE} tool="anything">\n{}`)]],
  ])('ends in an error at a call %s', async (_, calls) => {
    const events = await read([text('Well'), ...calls, text('more'), finish()].slice(0, 4));
    expect(events[0]).toEqual(text('Well'));
    expect(codeOfError(events)).toBe('invalid_tool_call');
    expect(events.filter(({ type }) => type === 'tool_call')).toEqual([]);
  });

  it('leaves the arguments of a native call to the client, unless it was promised that they fit', async () => {
    const calls = [native('get_weather', '{"city":"A","days":0}'), finish()];
    expect(await read(calls)).toMatchObject([{ type: 'tool_call' }, { reason: 'tool_calls' }]);
    const plan = planOf();
    const functions = [{ ...weather, strict: true }];
    const strict = { ...plan, settings: { ...plan.settings, functions } };
    expect(codeOfError(await read(calls, strict))).toBe('invalid_tool_call');
  });

  it('ends an answer that was cut in a call as it ended', async () => {
    const begun = text(`<call-${CODE} tool="anything">\n{`);
    expect(await read([text('a'), begun, finish('length')])).toEqual([text('a'), finish('length')]);
  });

  it('hands on one call where one is wanted', async () => {
    const events = await read(
      [written('anything', '{"a":1}'), written('anything', '{"a":2}'), finish()],
      planOf({ isParallel: false }),
    );
    expect(events).toMatchObject([{ arguments: '{"a":1}' }, { reason: 'tool_calls' }]);
  });

  it('leaves an answer alone where nothing is declared', async () => {
    const plan = { ...planOf(), settings: PLAIN_SETTINGS };
    const events = [native('other', 'x'), written('f', '{}'), finish()];
    expect(await read(events, plan)).toEqual(events);
  });

  it('keeps what was held when the answer breaks off', async () => {
    async function* broken(): AsyncGenerator<JobEvent> {
      yield text('a <call-ab');
      throw new Error('gone');
    }
    const seen: JobEvent[] = [];
    const reading = async (): Promise<void> => {
      for await (const event of readCalls(broken(), planOf(), CODE, silentLog)) seen.push(event);
    };
    await expect(reading()).rejects.toThrow('gone');
    expect(seen).toEqual([text('a '), text('<call-ab')]);
  });
});

describe('demandCall', () => {
  const demand = (...events: JobEvent[]): Promise<JobEvent[]> => collect(demandCall(each(events)));
  const thought: JobEvent = { type: 'reasoning', text: 'hm' };

  it('holds text back until there is a call', async () => {
    const call = native('anything', '{}');
    expect(await demand(text('a'), thought, call, text('b'), finish())).toEqual([
      thought,
      text('a'),
      call,
      text('b'),
      finish(),
    ]);
  });

  it('ends in an error, without the text, when there is none', async () => {
    const events = await demand(thought, text('a'), finish());
    expect(events[0]).toEqual(thought);
    expect(events).toHaveLength(2);
    expect(codeOfError(events)).toBe('missing_tool_call');
  });

  it('ends an answer that was cut short as it ended', async () => {
    expect(await demand(text('a'), finish('length'))).toEqual([text('a'), finish('length')]);
  });
});
