import { type ModelInfo, type Plan, type StudioError } from '@aistudio/core';
import { anySchema } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { type Draft } from '../../files/remote-file.ts';
import { chatBody, fakeModel, fakeModels, wholeFile } from '../../testing/test-server.ts';
import { parseBody } from '../shared/parse-body.ts';
import { ChatRequest } from './request.ts';
import { type Planned, toPlan } from './to-plan.ts';

const noDefaults = { temperature: undefined, topP: undefined, maxOutputTokens: undefined };

const plannedOf = (fields: object, model: ModelInfo = fakeModel()): Planned =>
  toPlan(parseBody(ChatRequest, chatBody(fields)), model, noDefaults);
const settingsOf = (fields: object, model?: ModelInfo): Plan['settings'] =>
  plannedOf(fields, model).plan.settings;
const turnsOf = (messages: readonly object[]): Draft['turns'] => plannedOf({ messages }).plan.turns;
const ignoredOf = (fields: object, model?: ModelInfo): readonly string[] =>
  plannedOf(fields, model).ignored;

/** The refusal of a request: which field, in which sense. */
function refusalOf(fields: object, model?: ModelInfo): { param: string | null; code: string } {
  try {
    plannedOf(fields, model);
  } catch (error) {
    const { param, code } = error as StudioError;
    return { param, code };
  }
  throw new Error('it was accepted');
}

const toolOf = (name: string, parameters: unknown): object => ({
  type: 'function',
  function: { name, parameters },
});
/** A schema of this many levels. */
const nested = (levels: number): object =>
  Array.from({ length: levels }).reduce<object>((items) => ({ items }), {});
/** A schema of this many properties. */
const wide = (properties: number): object => ({
  properties: Object.fromEntries(
    Array.from({ length: properties }, (_, index) => [`p${index}`, { type: 'string' }]),
  ),
});
const user = (content: unknown): object => ({ role: 'user', content });
const text = (piece: string): object => ({ type: 'text', text: piece });
const png = 'data:image/png;base64,iVBORw0KGgo=';

describe('messages', () => {
  it('R-02: developer is system, wherever it stands', () => {
    const turns = turnsOf([
      { role: 'developer', content: 'A' },
      user('B'),
      { role: 'system', content: [text('C'), text('D')], name: 'boss' },
    ]);
    expect(turns).toEqual([
      { role: 'system', parts: [text('A')] },
      { role: 'user', parts: [text('B')] },
      { role: 'system', name: 'boss', parts: [text('C'), text('D')] },
    ]);
  });

  it('T-08, W-03: takes history as agents echo it', () => {
    const call = (id: string, name: string): object => ({
      id,
      type: 'function',
      function: { name, arguments: '{"x":1}' },
    });
    const turns = turnsOf([
      user([
        { ...text('Hi'), role: 'assistant', refusal: null, annotations: [], cache_control: {} },
      ]),
      {
        role: 'assistant',
        content: null,
        tool_calls: [call('a', 'f')],
        refusal: null,
        parsed: null,
      },
      { role: 'assistant', content: '', tool_calls: [call('b', 'g')], reasoning_content: 'hm' },
      {
        role: 'assistant',
        annotations: [],
        audio: null,
        tool_calls: [
          { ...call('c', 'h'), extra_content: { google: { thought_signature: 'c2ln' } } },
        ],
      },
      { role: 'tool', tool_call_id: 'b', content: [text('2'), text('3')] },
      { role: 'tool', tool_call_id: 'a', content: '1', name: 'other' },
    ]);
    const called = (callId: string, name: string): object => ({
      role: 'assistant',
      parts: [{ type: 'tool_call', callId, name, arguments: '{"x":1}' }],
    });
    expect(turns).toEqual([
      { role: 'user', parts: [text('Hi')] },
      called('a', 'f'),
      called('b', 'g'),
      called('c', 'h'),
      { role: 'tool', parts: [{ type: 'tool_result', callId: 'b', name: 'g', text: '23' }] },
      { role: 'tool', parts: [{ type: 'tool_result', callId: 'a', name: 'other', text: '1' }] },
    ]);
  });

  it('R-08: pairs legacy function calls with their results', () => {
    const turns = turnsOf([
      user('Hi'),
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } },
      { role: 'function', name: 'f', content: 'done' },
    ]);
    const [call, result] = [turns[1]?.parts[0], turns[2]?.parts[0]];
    expect(call).toMatchObject({ type: 'tool_call', name: 'f', arguments: '{}' });
    expect(result).toMatchObject({ type: 'tool_result', name: 'f', text: 'done' });
    expect((result as { callId: string }).callId).toBe((call as { callId: string }).callId);
  });

  it('R-02: speaks as the user where there are system messages alone', () => {
    expect(turnsOf([{ role: 'system', content: 'A' }]).map((turn) => turn.role)).toEqual(['user']);
  });

  it('keeps every text, in order, whatever it is', () => {
    const roles = fc.constantFrom('system', 'developer', 'user', 'assistant');
    const message = fc.record({
      role: roles,
      content: fc.oneof(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.array(fc.string({ minLength: 1 }).map(text), { minLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(fc.array(message, { minLength: 1 }), (messages) => {
        const sent = messages.flatMap(({ content }): unknown => content);
        const kept = turnsOf(messages).flatMap(({ parts }) => parts);
        expect(kept).toEqual(sent.map((part) => (typeof part === 'string' ? text(part) : part)));
      }),
    );
  });
});

describe('files', () => {
  it('R-03: come out of every kind of part, beside the text', () => {
    const wav = Buffer.from('RIFF\0\0\0\0WAVE').toString('base64');
    const pdf = Buffer.from('%PDF-1.7').toString('base64');
    const mp4 = Buffer.from('\0\0\0\0ftypisom').toString('base64');
    const [turn] = turnsOf([
      user([
        text('Look'),
        { type: 'image_url', image_url: { url: png, detail: 'high' } },
        { type: 'image_url', image_url: png },
        { type: 'input_audio', input_audio: { data: wav, format: 'wav' } },
        { type: 'file', file: { file_data: pdf, filename: '../a b.pdf' } },
        { type: 'video_url', video_url: { url: `data:video/mp4;base64,${mp4}` } },
      ]),
    ]);
    const file = (mimeType: string, name: string, data: string): object =>
      wholeFile(mimeType, name, Buffer.from(data, 'base64'));
    expect(turn?.parts).toEqual([
      text('Look'),
      file('image/png', 'file-1.png', 'iVBORw0KGgo='),
      file('image/png', 'file-2.png', 'iVBORw0KGgo='),
      file('audio/wav', 'file-3.wav', wav),
      file('application/pdf', '.._a b.pdf', pdf),
      file('video/mp4', 'file-5.mp4', mp4),
    ]);
  });

  const EBML = 'GkXfo59ChoEBQveBAULygQRC84EIQoKEd2VibQ==';
  it.each([
    ['a PDF as octet-stream', 'application/octet-stream', 'JVBERi0xLjcK', 'application/pdf'],
    ['a PDF behind other bytes', 'application/pdf', 'AAAAJVBERi0xLjcK', 'application/pdf'],
    ['sound as Chrome records it', 'audio/webm;codecs=opus', EBML, 'video/webm'],
    ['sound as Safari records it', 'audio/mp4', 'AAAAGGZ0eXBpc29t', 'audio/mp4'],
    ['a GIF as PNG', 'image/png', 'R0lGODlhAQABAAAA', 'image/gif'],
    ['a PNG as text', 'text/plain', 'iVBORw0KGgo=', 'image/png'],
    ['text of a type of its own', 'application/x-yaml', 'YTogMQo=', 'text/markdown'],
    ['text without a type', 'application/octet-stream', 'IyBOb3Rlcwo=', 'text/markdown'],
  ])('R-03: are what their bytes say: %s', (_, label, data, mimeType) => {
    const file_data = `data:${label};base64,${data}`;
    const part = { type: 'file', file: { file_data, filename: 'a.md' } };
    expect(turnsOf([user([part])])[0]?.parts).toMatchObject([
      { mimeType, bytes: Buffer.from(data, 'base64') },
    ]);
  });

  it.each(['image/png', 'application/pdf', 'audio/mpeg', 'video/mp4'])(
    'R-03: refuse a web page labelled as %s, naming the part',
    (label) => {
      const page = Buffer.from('<!doctype html><title>Not found</title>').toString('base64');
      const file_data = `data:${label};base64,${page}`;
      expect(refusalOf({ messages: [user([{ type: 'file', file: { file_data } }])] })).toEqual({
        param: 'messages[0].content[0].file.file_data',
        code: 'invalid_value',
      });
    },
  );

  it('R-03: reads base64 with line breaks, without padding, or in the URL alphabet', () => {
    for (const data of ['-_-_\r\n+/+/', '+/+/-_-_', ' +/+/+/+/ ']) {
      const url = `data:audio/mpeg;base64,${data}`;
      const [turn] = turnsOf([user([{ type: 'image_url', image_url: { url } }])]);
      expect(turn?.parts[0]).toMatchObject({ bytes: Buffer.from('+/+/+/+/', 'base64') });
    }
  });

  it.each([
    ['https://www.youtube.com/watch?v=x', 'unsupported_parameter'],
    ['ftp://example.com/a.png', 'invalid_value'],
    ['data:image/svg+xml;base64,AAAA', 'unsupported_parameter'],
    ['data:image/png,AAAA', 'invalid_value'],
    ['data:image/png;base64,', 'invalid_value'],
    ['data:image/png;base64,???????', 'invalid_value'],
    ['file:///etc/passwd', 'invalid_value'],
    ['/etc/passwd', 'invalid_value'],
  ])('R-03: refuse %s, naming the part', (url, code) => {
    const messages = [user('A'), user([text('B'), { type: 'image_url', image_url: { url } }])];
    expect(refusalOf({ messages })).toEqual({
      param: 'messages[1].content[1].image_url.url',
      code,
    });
  });

  it('R-03: refuses a file that was never sent', () => {
    const messages = [user([{ type: 'file', file: { file_id: 'file-1' } }])];
    expect(refusalOf({ messages }).param).toBe('messages[0].content[0].file.file_id');
  });
});

describe('a request at fault', () => {
  it.each<[object, string]>([
    [{ model: undefined }, 'model'],
    [{ model: 7 }, 'model'],
    [{ messages: undefined }, 'messages'],
    [{ messages: [] }, 'messages'],
    [{ messages: [user('')] }, 'messages'],
    [{ messages: 'Hi' }, 'messages'],
    [{ messages: [user('A'), { role: 'robot', content: 'B' }] }, 'messages[1].role'],
    [{ messages: [{ role: 'user' }] }, 'messages[0].content'],
    [{ messages: [user(7)] }, 'messages[0].content'],
    [
      { messages: [user('A'), user([text('B'), { type: 'smell' }])] },
      'messages[1].content[1].type',
    ],
    [{ messages: [user([{ type: 'text' }])] }, 'messages[0].content[0].text'],
    [{ messages: [{ role: 'tool', content: 'A' }] }, 'messages[0].tool_call_id'],
    [{ stream: 'yes' }, 'stream'],
    [{ temperature: 2.1 }, 'temperature'],
    [{ temperature: 'warm' }, 'temperature'],
    [{ top_p: -1 }, 'top_p'],
    [{ max_tokens: -2 }, 'max_tokens'],
    [{ max_completion_tokens: 1.5 }, 'max_completion_tokens'],
    [{ stop: Array.from({ length: 33 }, String) }, 'stop'],
    [{ stop: ['x'.repeat(501)] }, 'stop[0]'],
    [{ stop: [1] }, 'stop[0]'],
    [{ reasoning_effort: 'lots' }, 'reasoning_effort'],
    [{ tools: [{ type: 'teleport' }] }, 'tools[0].type'],
    [{ tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    [{ tool_choice: 'maybe' }, 'tool_choice'],
    [{ tool_choice: { type: 'function', function: { name: 'f' } } }, 'tool_choice'],
    [{ response_format: { type: 'xml' } }, 'response_format.type'],
    [
      { response_format: { type: 'json_schema', json_schema: { schema: { type: 'banana' } } } },
      'response_format.json_schema.schema.type',
    ],
    [
      { response_format: { type: 'json_object', schema: { properties: { a: { $ref: '#/x' } } } } },
      'response_format.schema.properties.a.$ref',
    ],
    [
      { tools: [{ type: 'google_search' }, toolOf('f', nested(300))] },
      'tools[1].function.parameters',
    ],
    [{ tools: [toolOf('f', wide(20_000))] }, 'tools[0].function.parameters'],
    [
      { tools: Array.from({ length: 7 }, () => toolOf('f', wide(8000))) },
      'tools[6].function.parameters',
    ],
    [
      { functions: Array.from({ length: 7 }, () => ({ name: 'f', parameters: wide(8000) })) },
      'functions[6].parameters',
    ],
  ])('E-08, R-03, R-09, R-10: %j is refused naming %s', (fields, param) => {
    expect(refusalOf(fields)).toEqual({ param, code: 'invalid_value' });
  });

  it.each<[object, string]>([
    [{ n: 2 }, 'n'],
    [{ logprobs: true }, 'logprobs'],
    [{ logprobs: 5 }, 'logprobs'],
    [{ logit_bias: { 50256: -100 } }, 'logit_bias'],
    [{ modalities: ['text', 'audio'] }, 'modalities'],
    [{ audio: { voice: 'x' } }, 'audio'],
  ])('R-05: %j cannot be honoured', (fields, param) => {
    expect(refusalOf(fields)).toEqual({ param, code: 'unsupported_parameter' });
  });

  it('says so when the model does not chat', () => {
    expect(refusalOf({}, fakeModel({ methods: ['predict'] })).param).toBe('model');
  });
});

describe('settings', () => {
  it('are empty for a plain request', () => {
    const { settings } = plannedOf({
      temperature: null,
      stop: null,
      tools: null,
      max_tokens: null,
    }).plan;
    expect(settings).toEqual({
      stop: [],
      googleSearch: false,
      urlContext: false,
      codeExecution: false,
      functions: [],
    });
  });

  it('R-10: take numbers and their text', () => {
    expect(settingsOf({ temperature: '0.5', top_p: 0.9, max_tokens: '100' })).toMatchObject({
      temperature: 0.5,
      topP: 0.9,
      maxOutputTokens: 100,
    });
  });

  it('R-01: prefer max_completion_tokens, then max_tokens', () => {
    const limit = (fields: object): number | undefined => settingsOf(fields).maxOutputTokens;
    expect(limit({ max_output_tokens: 3, max_tokens: 2, max_completion_tokens: 1 })).toBe(1);
    expect(limit({ max_output_tokens: 3, max_tokens: 2 })).toBe(2);
    expect(limit({ max_output_tokens: 3 })).toBe(3);
  });

  it('lower what is above the model’s limit, and say so', () => {
    const { plan, warnings } = plannedOf({ max_tokens: 70_000 });
    expect(plan.settings.maxOutputTokens).toBe(65_536);
    expect(warnings).toEqual(["max_tokens 70000 lowered to the model's limit 65536"]);
  });

  it('fall back to the defaults, silently within the model’s limits', () => {
    const defaults = { temperature: 0.2, topP: 0.8, maxOutputTokens: 100_000 };
    const plan = (fields: object, model: ModelInfo): Planned =>
      toPlan(parseBody(ChatRequest, chatBody(fields)), model, defaults);
    expect(plan({ temperature: 0 }, fakeModel())).toMatchObject({
      plan: { settings: { temperature: 0, topP: 0.8, maxOutputTokens: 65_536 } },
      warnings: [],
    });
    const fixed = plan({}, fakeModel({ temperature: undefined, topP: undefined }));
    expect(fixed.plan.settings).not.toHaveProperty('temperature');
    expect(fixed.ignored).toEqual([]);
  });

  it('R-05: list what the model does not let be set', () => {
    const fixed = fakeModel({ temperature: undefined });
    expect(settingsOf({ temperature: 1 }, fixed)).not.toHaveProperty('temperature');
    expect(ignoredOf({ temperature: 1 }, fixed)).toEqual(['temperature']);
  });

  it('R-09: take one stop sequence or several, without empty ones', () => {
    expect(settingsOf({ stop: 'END' }).stop).toEqual(['END']);
    expect(settingsOf({ stop: ['a', '', 'b'] }).stop).toEqual(['a', 'b']);
  });

  it('R-06: turn structured output on, with the schema where there is one', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const asked = (type: string, extra: object = {}): unknown =>
      settingsOf({ response_format: { type, ...extra } }).structuredOutput;
    expect(asked('text')).toBeUndefined();
    expect(asked('json_object')).toEqual({});
    expect(asked('json_schema', { json_schema: { name: 'x', strict: true, schema } })).toEqual({
      schema,
      strict: true,
    });
    expect(asked('json_schema', { json_schema: { name: 'x', schema } })).toEqual({ schema });
    expect(asked('json_object', { schema })).toEqual({ schema });
  });
});

describe('tools', () => {
  const tool = (name: string): object => ({
    type: 'function',
    name,
    function: {
      name,
      description: 'd',
      parameters: { type: 'object', $schema: 'x' },
      strict: true,
    },
  });
  const declared = (name: string): object => ({
    name,
    description: 'd',
    parameters: { type: 'object', $schema: 'x' },
    strict: true,
  });

  it('W-04: become declarations; Google’s own become switches', () => {
    expect(
      settingsOf({
        tools: [
          tool('f'),
          { type: 'code_execution' },
          { type: 'url_context' },
          tool('googleSearch'),
        ],
        tool_choice: 'auto',
      }),
    ).toMatchObject({
      functions: [declared('f')],
      googleSearch: true,
      urlContext: true,
      codeExecution: true,
    });
    expect(settingsOf({ tools: [{ type: 'google_search' }] }).googleSearch).toBe(true);
  });

  it('R-08: obey tool_choice as far as the page can', () => {
    const tools = [tool('f'), tool('g'), { type: 'google_search' }];
    expect(settingsOf({ tools, tool_choice: 'none' })).toMatchObject({
      functions: [],
      googleSearch: false,
    });
    const named = { tools, tool_choice: { type: 'function', function: { name: 'g' } } };
    expect(settingsOf(named).functions).toEqual([declared('g')]);
    const calling = { mode: 'auto', isRequired: true, isParallel: true };
    expect(settingsOf(named).calling).toEqual(calling);
    expect(settingsOf({ tools, tool_choice: 'required' }).calling).toEqual(calling);
    expect(settingsOf({ tools, parallel_tool_calls: false }).calling).toEqual({
      mode: 'auto',
      isRequired: false,
      isParallel: false,
    });
    expect(ignoredOf({ ...named, parallel_tool_calls: false })).toEqual([]);
    expect(refusalOf({ tool_choice: 'required' }).param).toBe('tool_choice');
  });

  it('R-08: are those alone that allowed_tools names, in the form of either API', () => {
    const tools = [tool('f'), tool('g'), { type: 'url_context' }];
    const allow = (mode: string, ...allowed: object[]): object => ({
      tools,
      tool_choice: { type: 'allowed_tools', allowed_tools: { mode, tools: allowed } },
    });
    const g = { type: 'function', function: { name: 'g' } };
    expect(settingsOf(allow('auto', g))).toMatchObject({
      functions: [declared('g')],
      calling: { isRequired: false },
      urlContext: false,
    });
    expect(settingsOf(allow('required', g)).calling).toMatchObject({ isRequired: true });
    expect(settingsOf(allow('auto', { type: 'url_context' }))).toMatchObject({
      functions: [],
      urlContext: true,
    });
    const choice = {
      type: 'allowed_tools',
      mode: 'auto',
      tools: [{ type: 'function', name: 'f' }],
    };
    expect(settingsOf({ tools, tool_choice: choice }).functions).toEqual([declared('f')]);
    expect(settingsOf({ functions: [declared('f'), declared('g')], tool_choice: choice })).toEqual(
      expect.objectContaining({ functions: [declared('f')] }),
    );
    expect(refusalOf(allow('required', { type: 'function', function: { name: 'h' } }))).toEqual({
      param: 'tool_choice',
      code: 'invalid_value',
    });
  });

  it.each<[string, object]>([
    ['required: null', { type: 'object', required: null }],
    ['description: null', { type: 'object', description: null }],
    ['a bound of draft 4', { properties: { a: { minimum: 0, exclusiveMinimum: true } } }],
    ['upper-case types', { type: 'OBJECT', properties: { a: { type: 'STRING' } } }],
    ['any type', { properties: { a: { type: 'any' } } }],
    ['nullable beside a reference', { properties: { a: { $ref: '#', nullable: true } } }],
    ['a pattern of Python', { properties: { a: { type: 'string', pattern: '(?P<n>a)(?i)' } } }],
    ['a reference that leads nowhere', { properties: { a: { $ref: '#/$defs/gone' } } }],
    ['a type that nobody knows', { properties: { a: { type: 'banana' } } }],
  ])('are passed on as they came with %s', (_, parameters) => {
    const tools = [toolOf('f', parameters), tool('g')];
    expect(settingsOf({ tools }).functions).toEqual([{ name: 'f', parameters }, declared('g')]);
    expect(settingsOf({ tools, tool_choice: 'none' }).functions).toEqual([]);
  });

  it('are passed on with any schema at all', () => {
    fc.assert(
      fc.property(anySchema, (parameters) => {
        expect(settingsOf({ tools: [toolOf('f', parameters)] }).functions[0]?.name).toBe('f');
      }),
      { numRuns: 50 },
    );
  });

  it('of a thousand properties each are taken without holding the others up', () => {
    const one = { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] };
    const names = Array.from({ length: 1000 }, (_, index) => `p${index}`);
    const properties = Object.fromEntries(names.map((name) => [name, one]));
    const tools = Array.from({ length: 8 }, (_, index) => toolOf(`f${index}`, { properties }));
    const start = process.cpuUsage();
    expect(settingsOf({ tools }).functions).toHaveLength(8);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1000);
  });

  it('R-08: take the older functions and function_call', () => {
    const functions = [declared('f'), declared('g')];
    expect(settingsOf({ functions }).functions).toEqual(functions);
    expect(settingsOf({ functions, function_call: { name: 'f' } }).functions).toEqual([
      declared('f'),
    ]);
    expect(settingsOf({ functions, function_call: 'none' }).functions).toEqual([]);
  });

  it('are one call at a time in their older form, which has no place for a second', () => {
    expect(settingsOf({ functions: [declared('f')] }).calling?.isParallel).toBe(false);
    expect(settingsOf({ tools: [tool('f')] }).calling?.isParallel).toBe(true);
  });

  it('called google_search are the page’s own without parameters, said in a warning, else the client’s', () => {
    const own = toolOf('google_search', { type: 'object', properties: { q: { type: 'string' } } });
    const honoured = plannedOf({ tools: [own], tool_choice: 'required' });
    expect(honoured.plan.settings).toMatchObject({
      functions: [{ name: 'google_search' }],
      googleSearch: false,
    });
    expect(honoured.warnings).toEqual([]);
    const replaced = plannedOf({ tools: [toolOf('google_search', { type: 'object' }), tool('f')] });
    expect(replaced.plan.settings).toMatchObject({
      functions: [declared('f')],
      googleSearch: true,
    });
    expect(replaced.warnings).toEqual([expect.stringContaining('google_search')]);
  });

  it('are refused by name where the model lacks them, unless nobody knows what it has', () => {
    const tools = [tool('f'), { type: 'google_search' }];
    const functionsOnly = fakeModel({ capabilities: [10] });
    expect(refusalOf({ tools }, functionsOnly)).toEqual({
      param: 'tools[1]',
      code: 'unsupported_parameter',
    });
    expect(settingsOf({ tools }, fakeModel({ capabilities: [] })).googleSearch).toBe(true);
  });
});

describe('reasoning_effort', () => {
  const [budget, level, none] = fakeModels;
  const alwaysOn = fakeModel({
    thinking: { type: 'budget', min: 128, max: 32_768, canBeOff: false },
  });
  const threeLevels = fakeModel({ thinking: { type: 'level', levels: ['low', 'medium', 'high'] } });

  it.each<[string | number, ModelInfo | undefined, object | undefined, boolean]>([
    ['none', budget, { type: 'off' }, true],
    [0, budget, { type: 'off' }, true],
    ['minimal', budget, { type: 'budget', tokens: 1024 }, true],
    ['low', budget, { type: 'budget', tokens: 1024 }, true],
    ['medium', budget, { type: 'budget', tokens: 8192 }, true],
    ['high', budget, { type: 'budget', tokens: 24_576 }, true],
    ['max', budget, { type: 'budget', tokens: 24_576 }, true],
    [-1, budget, { type: 'auto' }, true],
    ['500', budget, { type: 'budget', tokens: 500 }, true],
    [99_999, budget, { type: 'budget', tokens: 24_576 }, false],
    ['none', alwaysOn, { type: 'budget', tokens: 128 }, false],
    ['minimal', level, { type: 'level', level: 'low' }, true],
    ['medium', level, { type: 'level', level: 'high' }, true],
    ['xhigh', level, { type: 'level', level: 'high' }, true],
    ['medium', threeLevels, { type: 'level', level: 'medium' }, true],
    ['none', level, { type: 'level', level: 'low' }, false],
    [9000, threeLevels, { type: 'level', level: 'high' }, true],
    [-1, level, undefined, true],
    ['none', none, undefined, true],
    ['high', none, undefined, false],
  ])('R-07: %s', (effort, model, thinking, isHonoured) => {
    const { plan, ignored } = plannedOf({ reasoning_effort: effort }, model);
    expect(plan.settings.thinking).toEqual(thinking);
    expect(ignored).toEqual(isHonoured ? [] : ['reasoning_effort']);
  });
});

describe('parameters without effect', () => {
  it('R-04: are accepted, and listed where something was asked for', () => {
    expect(
      ignoredOf({
        user: 'u',
        metadata: { a: 'b' },
        store: true,
        service_tier: 'flex',
        prediction: {},
        parallel_tool_calls: false,
        verbosity: 'low',
        safety_identifier: 's',
        prompt_cache_key: 'k',
        stream_options: { include_usage: true },
        seed: 1,
        frequency_penalty: 0.5,
        top_k: 40,
      }),
    ).toEqual([
      'stream_options',
      'frequency_penalty',
      'user',
      'metadata',
      'store',
      'service_tier',
      'prediction',
      'verbosity',
      'safety_identifier',
      'prompt_cache_key',
      'seed',
      'top_k',
    ]);
  });

  it('W-05: are not worth a word where they ask for nothing', () => {
    expect(
      ignoredOf({
        n: 1,
        logprobs: false,
        logit_bias: {},
        frequency_penalty: 0,
        presence_penalty: 0,
        parallel_tool_calls: true,
        store: false,
        seed: null,
        user: null,
        modalities: ['text'],
        stream: false,
        tool_choice: 'auto',
      }),
    ).toEqual([]);
  });
});

describe('any body at all', () => {
  it('is planned or refused with a 400, never a crash', () => {
    const body = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(
        fc.constantFrom('model', 'messages', 'stop', 'tools', 'temperature', 'response_format'),
        fc.jsonValue(),
      ),
    );
    fc.assert(
      fc.property(body, (value) => {
        const messages = { messages: [user('Hi')], model: 'm' };
        for (const request of [value, { ...messages, ...Object(value) }]) {
          expect(outcomeOf(request)).toMatch(/planned|invalid_value|unsupported_parameter/);
        }
      }),
    );
  });

  const deep = (open: string, close: string): unknown =>
    JSON.parse(`${open.repeat(20_000)}1${close.repeat(20_000)}`);

  it.each([...Object.keys(ChatRequest.shape), 'metadata', 'unknown'])(
    'W-07: with %s nested 20,000 levels deep is planned or refused, too',
    (field) => {
      for (const value of [deep('[', ']'), deep('{"type":', '}'), deep('{"content":[', ']}')]) {
        expect(outcomeOf({ ...chatBody(), [field]: value })).toMatch(
          /planned|invalid_value|unsupported_parameter/,
        );
        const part = { type: 'text', text: value, extra: value };
        expect(outcomeOf(chatBody({ messages: [user([part]), user(value)] }))).toBe(
          'invalid_value',
        );
      }
    },
  );

  const outcomeOf = (body: unknown): string => {
    try {
      toPlan(parseBody(ChatRequest, body), fakeModel(), noDefaults);
      return 'planned';
    } catch (error) {
      return (error as StudioError).code;
    }
  };
});

describe('text that no counting can make fit', () => {
  const small = fakeModel({ inputTokenLimit: 100 });
  const of = (length: number): object => ({
    messages: [
      { role: 'system', content: 'x'.repeat(500) },
      { role: 'user', content: 'y'.repeat(length - 500) },
    ],
  });

  it('is refused before it queues', () => {
    expect(() => plannedOf(of(1001), small)).toThrow('more than the 100 tokens');
    expect(plannedOf(of(1000), small).plan.turns).toHaveLength(2);
    expect(plannedOf(of(5000), fakeModel({ inputTokenLimit: 0 })).plan.turns).toHaveLength(2);
  });
});
