import { type JobEvent, PLAIN_SETTINGS } from '@aistudio/core';
import { collect } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { type WholePlan } from '../../files/remote-file.ts';
import { checkOutput, InvalidOutputError, toRepair } from './check-output.ts';

const schema = {
  type: 'object',
  properties: { a: { type: 'integer' } },
  required: ['a'],
  additionalProperties: false,
};
const finish = (reason: 'stop' | 'length' | 'content_filter' | 'tool_calls'): JobEvent => ({
  type: 'finish',
  reason,
});
const text = (piece: string): JobEvent => ({ type: 'text', text: piece });

async function* each(events: readonly JobEvent[]): AsyncGenerator<JobEvent> {
  yield* events;
}
const planOf = (
  format: WholePlan['settings']['structuredOutput'],
  ...turns: WholePlan['turns']
): Pick<WholePlan, 'turns' | 'settings'> => ({
  turns,
  settings: { ...PLAIN_SETTINGS, ...(format ? { structuredOutput: format } : {}) },
});
const check = (events: JobEvent[], format: WholePlan['settings']['structuredOutput']) =>
  collect(checkOutput(each(events), planOf(format)));

describe('checkOutput', () => {
  it('passes on what has its form', async () => {
    const events = [text('{"a"'), text(': 1}\n'), finish('stop')];
    expect(await check(events, { schema })).toEqual(events);
    expect(await check(events, {})).toEqual(events);
  });

  it.each<[string, WholePlan['settings']['structuredOutput'], string]>([
    ['Sure: {"a": 1}', {}, 'it is not JSON'],
    ['', {}, 'it is not JSON'],
    ['[1]', {}, 'it is not a JSON object'],
    ['{"a": "1"}', { schema }, 'value/a: Instance type "string" is invalid. Expected "integer"'],
    ['{"a": 1, "b": 2}', { schema }, 'value/b: False boolean schema'],
  ])('throws at the end of %j', async (said, format, fault) => {
    const seen: JobEvent[] = [];
    const reading = (async () => {
      const events = each([text(said), finish('stop')]);
      for await (const event of checkOutput(events, planOf(format))) seen.push(event);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'invalid_output', fault, answer: said });
    expect(seen).toEqual([text(said)]);
  });

  it('takes what completes an answer that the client has begun', async () => {
    const parts = [{ type: 'text' as const, text: '{"a"' }];
    const plan = planOf({ schema }, { role: 'assistant', parts, isUnfinished: true });
    const events = [text(': 1}'), finish('stop')];
    expect(await collect(checkOutput(each(events), plan))).toEqual(events);
    const wrong = collect(checkOutput(each([text(': "1"}'), finish('stop')]), plan));
    await expect(wrong).rejects.toMatchObject({ fault: 'it is not JSON' });
  });

  it.each(['length', 'content_filter', 'tool_calls'] as const)(
    'leaves an answer alone that ended with %s',
    async (reason) => {
      const events = [text('{"a'), finish(reason)];
      expect(await check(events, { schema })).toEqual(events);
    },
  );
});

describe('toRepair', () => {
  it('shows the model its answer and what is wrong with it, and lets it call nothing', () => {
    const plan: WholePlan = {
      model: 'm',
      turns: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
      settings: {
        ...PLAIN_SETTINGS,
        functions: [{ name: 'f' }],
        calling: { mode: 'auto', isRequired: false, isParallel: true },
        structuredOutput: { schema },
      },
    };
    const { turns, settings } = toRepair(plan, new InvalidOutputError('{"a":', 'it is not JSON'));
    expect(turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(JSON.stringify(turns)).toContain('it is not JSON');
    expect(settings).toEqual({ ...PLAIN_SETTINGS, structuredOutput: { schema } });
  });
});
