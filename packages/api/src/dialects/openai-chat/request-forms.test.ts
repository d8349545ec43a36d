import { type Plan } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { chatBody, fakeModel } from '../../testing/test-server.ts';
import { parseBody } from '../shared/parse-body.ts';
import { ChatRequest } from './request.ts';
import { type Planned, toPlan } from './to-plan.ts';

const NONE = { temperature: undefined, topP: undefined, maxOutputTokens: undefined };
const plannedOf = (fields: object): Planned =>
  toPlan(parseBody(ChatRequest, chatBody(fields)), fakeModel(), NONE);
const settingsOf = (fields: object): Plan['settings'] => plannedOf(fields).plan.settings;

const parameters = { type: 'object', properties: { a: { type: 'string' } } };
const tool = (name: string, more: object = {}): object => ({
  type: 'function',
  function: { name, parameters, ...more },
});
const ODD = 'odd';

describe('a tool with an odd detail', () => {
  it.each<[string, object, object]>([
    ['parameters that allow all', tool(ODD, { parameters: true }), { parameters: {} }],
    [
      'parameters as JSON text',
      tool(ODD, { parameters: JSON.stringify(parameters) }),
      { parameters },
    ],
    ['a number for its description', tool(ODD, { description: 5 }), { description: '5' }],
    ['lines for its description', tool(ODD, { description: ['x'] }), { description: '["x"]' }],
    ['no type', { function: { name: ODD, parameters } }, { parameters }],
    ['the form of Responses', { type: 'function', name: ODD, parameters }, { parameters }],
    ['the form of Anthropic', { name: ODD, input_schema: parameters }, { parameters }],
  ])('is declared beside the others: %s', (_, odd, expected) => {
    const { functions } = settingsOf({ tools: [odd, tool('f')] });
    expect(functions).toMatchObject([{ name: ODD, ...expected }, { name: 'f' }]);
  });

  it('is declared once, and the first time counts, where its name comes again', () => {
    const twice = plannedOf({ tools: [tool('f'), tool('f'), tool('g')] });
    expect(twice.plan.settings.functions.map(({ name }) => name)).toEqual(['f', 'g']);
    expect(twice.warnings).toEqual([]);
    const other = plannedOf({ tools: [tool('f'), tool('f', { parameters: {} })] });
    expect(other.plan.settings.functions).toEqual([{ name: 'f', parameters }]);
    expect(other.warnings).toEqual([expect.stringContaining('f is declared more than once')]);
  });

  it.each([
    { $ref: '#/$defs/q', $defs: { q: parameters } },
    { allOf: [parameters] },
    { type: 'object', patternProperties: { a: {} } },
  ])('is the client’s own, though called google_search, with parameters: %j', (own) => {
    const tools = [tool('google_search', { parameters: own })];
    expect(settingsOf({ tools })).toMatchObject({
      functions: [{ name: 'google_search' }],
      googleSearch: false,
    });
  });
});

describe('tool_choice', () => {
  const tools = [tool('f'), tool('g')];

  it.each<[unknown, string[], boolean]>([
    ['any', ['f', 'g'], true],
    [{ type: 'any' }, ['f', 'g'], true],
    [{ type: 'auto' }, ['f', 'g'], false],
    [{ type: 'none' }, [], false],
    [{ type: 'function', name: 'g' }, ['g'], true],
    [{ type: 'tool', name: 'g' }, ['g'], true],
  ])('is taken in the words of other services: %j', (choice, names, isRequired) => {
    const { functions, calling } = settingsOf({ tools, tool_choice: choice });
    expect(functions.map(({ name }) => name)).toEqual(names);
    expect(calling?.isRequired ?? false).toBe(isRequired);
  });

  it('says which allowed tools are not there', () => {
    const allowed = { mode: 'auto', tools: [{ type: 'function', function: { name: 'h' } }] };
    const choice = { type: 'allowed_tools', allowed_tools: allowed };
    expect(plannedOf({ tools, tool_choice: choice }).warnings).toEqual([
      expect.stringContaining('h'),
    ]);
  });
});

describe('response_format', () => {
  it.each([
    { type: 'json_object', schema: parameters },
    { type: 'json_object', response_schema: parameters },
    { type: 'json_schema', json_schema: { name: 'x', schema: parameters } },
    { type: 'json_schema', name: 'x', schema: parameters },
    { type: 'json_schema', json_schema: parameters },
  ])('keeps its schema wherever it stands: %j', (format) => {
    expect(settingsOf({ response_format: format }).structuredOutput).toEqual({
      schema: parameters,
    });
  });
});

describe('messages', () => {
  const PNG = 'iVBORw0KGgo=';
  const uri = `data:image/png;base64,${PNG}`;
  const partsOf = (...messages: object[]): unknown[] =>
    plannedOf({ messages }).plan.turns.flatMap(({ parts }) => parts);

  it.each<[unknown, string]>([
    [{ a: 1 }, '{"a":1}'],
    ['', '{}'],
    [null, '{}'],
    [undefined, '{}'],
  ])('may give the arguments of a call as %j', (given, expected) => {
    const call = { id: 'c', function: { name: 'f', arguments: given } };
    const messages = [{ role: 'assistant', tool_calls: [call] }];
    expect(partsOf(...messages, { role: 'tool', tool_call_id: 'c', content: 'R' })).toMatchObject([
      { type: 'tool_call', arguments: expected },
      { type: 'tool_result' },
    ]);
  });

  it.each(['user', 'system', 'assistant'])('of the %s may have images beside them', (role) => {
    const bytes = Buffer.from(PNG, 'base64');
    const images = [uri, PNG, { type: 'image_url', image_url: { url: uri } }];
    const parts = partsOf({ role, content: 'See', images }, { role: 'user', content: 'Go on' });
    expect(parts.slice(0, 4)).toMatchObject([
      { type: 'text' },
      ...images.map(() => ({ type: 'file', mimeType: 'image/png', bytes })),
    ]);
  });

  it('may call texts as the Responses API does', () => {
    const content = [{ type: 'input_text', text: 'a' }];
    const answer = { role: 'assistant', content: [{ type: 'output_text', text: 'b' }] };
    expect(partsOf({ role: 'user', content }, answer)).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]);
  });

  it.each([
    `![a](${uri} "a title")`,
    `![a](<${uri}>)`,
    `![a]( ${uri} )`,
    `![a [b] c](${uri})`,
    `![a](data:image/png;charset=utf-8;base64,${PNG})`,
    `![a](data:image/png;base64,\n${PNG})`,
    `[a]: ${uri}`,
  ])('hold an image in the form %s', (markdown) => {
    expect(partsOf({ role: 'user', content: `[x] one\n${markdown}\ntwo` })).toMatchObject([
      { type: 'text', text: '[x] one\n' },
      { type: 'file', mimeType: 'image/png' },
      { type: 'text', text: '\ntwo' },
    ]);
  });

  it('are searched for images in time, whatever brackets they hold', () => {
    const start = process.cpuUsage();
    const content = `${'['.repeat(300_000)}${'![a]('.repeat(50_000)}](${uri})`;
    expect(partsOf({ role: 'user', content })).toHaveLength(2);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1000);
  });

  it('with half characters are typed with a warning', () => {
    const messages = [{ role: 'user', content: 'a \ud83d b' }];
    expect(plannedOf({ messages }).warnings).toEqual([expect.stringContaining('half characters')]);
    expect(plannedOf({ messages: [{ role: 'user', content: '😀' }] }).warnings).toEqual([]);
  });
});

describe('a file whose bytes are another thing than its label says', () => {
  it.each([
    ['image/png', Buffer.from('<html>Gr\xfc\xdfe</html>', 'latin1')],
    ['image/png', Buffer.from('<html></html>', 'utf16le')],
    ['application/pdf', Buffer.from([0, 1, 2, 255])],
  ])('is a 400 and not taken for %s', (mimeType, bytes) => {
    const url = `data:${mimeType};base64,${bytes.toString('base64')}`;
    const content = [{ type: 'image_url', image_url: { url } }];
    expect(() => plannedOf({ messages: [{ role: 'user', content }] })).toThrow(/bytes|no image/);
  });
});
