import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type OpenAI } from 'openai';

import { shareStack } from './shared-stack.ts';

type Request = OpenAI.ChatCompletionCreateParamsNonStreaming;
/** A request array's positions, by wire-format.md §4: path and value. */
type Expected = Readonly<Record<string, unknown>>;

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Current weather for a city',
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string', description: 'City name' },
        days: { type: 'integer' },
        units: { type: 'string', enum: ['C', 'F'] },
        tags: { type: 'array', items: { type: 'string' } },
      },
      required: ['city'],
    },
  },
} as const;

const weatherOnTheWire = [
  'get_weather',
  'Current weather for a city',
  [
    6,
    ...Array.from({ length: 5 }, () => null),
    [
      ['city', [1, null, 'City name']],
      ['days', [3]],
      ['units', [1, null, null, null, ['C', 'F']]],
      ['tags', [5, null, null, null, null, [1]]],
    ],
    ['city'],
  ],
];

const rows: readonly [string, string, Partial<Request>, Expected][] = [
  ['defaults', 'gemini-2.5-flash', {}, { '3.3': 65_536, '3.4': 1, '3.5': 0.95, '6': null }],
  ['temperature 0', 'gemini-2.5-flash', { temperature: 0 }, { '3.4': 0 }],
  ['temperature 2', 'gemini-2.0-flash', { temperature: 2 }, { '3.4': 2 }],
  ['top_p', 'gemini-2.5-pro', { top_p: 0.15 }, { '3.5': 0.15 }],
  ['max_tokens', 'gemini-2.0-flash', { max_tokens: 77 }, { '3.3': 77 }],
  ['max_completion_tokens', 'gemini-2.5-pro', { max_completion_tokens: 78 }, { '3.3': 78 }],
  ['one stop', 'gemini-2.5-flash', { stop: 'END' }, { '3.1': ['END'] }],
  [
    'five stops',
    'gemini-3-flash-preview',
    { stop: ['a', 'b c', '###', '漢字', '</x>'] },
    { '3.1': ['a', 'b c', '###', '漢字', '</x>'] },
  ],
  ['effort none', 'gemini-2.5-flash', { reasoning_effort: 'none' }, { '3.16': [1, 0] }],
  ['effort low', 'gemini-2.5-flash', { reasoning_effort: 'low' }, { '3.16': [1, 1024] }],
  ['effort medium', 'gemini-2.5-pro', { reasoning_effort: 'medium' }, { '3.16': [1, 8192] }],
  ['effort high', 'gemini-2.5-pro', { reasoning_effort: 'high' }, { '3.16': [1, 24_576] }],
  [
    'effort minimal by level',
    'gemini-3-flash-preview',
    { reasoning_effort: 'minimal' },
    { '3.16': [1, null, null, 4] },
  ],
  [
    'effort medium by level',
    'gemini-3-flash-preview',
    { reasoning_effort: 'medium' },
    { '3.16': [1, null, null, 2] },
  ],
  [
    'effort low by level',
    'gemini-3-pro-preview',
    { reasoning_effort: 'low' },
    { '3.16': [1, null, null, 1] },
  ],
  [
    'system instructions',
    'gemini-2.5-flash',
    {
      messages: [
        { role: 'system', content: 'Answer briefly.' },
        { role: 'developer', content: 'In Polish.' },
        { role: 'user', content: 'echo: ok' },
      ],
    },
    { '5': [[[null, 'Answer briefly.\n\nIn Polish.']], 'user'] },
  ],
  [
    'functions',
    'gemini-2.5-flash',
    { tools: [weather], messages: [{ role: 'user', content: 'echo: ok' }] },
    { '6': [[null, [weatherOnTheWire]]] },
  ],
  [
    'grounding',
    'gemini-2.5-flash',
    { tools: [{ type: 'google_search' } as never] },
    { '6': [[null, null, null, [null, [[]]]]] },
  ],
  [
    'code execution',
    'gemini-2.5-flash',
    { tools: [{ type: 'code_execution' } as never] },
    { '6': [[[]]] },
  ],
  [
    'url context',
    'gemini-2.5-flash',
    { tools: [{ type: 'url_context' } as never] },
    { '6': [[...Array.from({ length: 7 }, () => null), []]] },
  ],
  [
    'structured output',
    'gemini-2.5-flash',
    {
      messages: [{ role: 'user', content: 'echo: {"answer":"ok"}' }],
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'answer',
          schema: {
            type: 'object',
            properties: { answer: { type: 'string' }, score: { type: 'number' } },
            required: ['answer'],
          },
        },
      },
    },
    {
      '3.7': 'application/json',
      '3.8': [
        6,
        ...Array.from({ length: 5 }, () => null),
        [
          ['answer', [1]],
          ['score', [2]],
        ],
        ['answer'],
      ],
    },
  ],
];

const system = shareStack();

/**
 * Every generation of the page without delays, and one with those of a real page;
 * `SIM_TIMING=typical pnpm test e2e/settings` gives all of them these.
 */
const timing = process.env['SIM_TIMING'] ?? 'fast';
const pages = [
  { variant: 'u2', timing },
  { variant: 'u3', timing },
  ...(timing === 'fast' ? [{ variant: 'u2', timing: 'typical' }] : []),
];

describe.each(pages)('what the client sets arrives on the $variant page ($timing)', (page) => {
  beforeAll(async () => {
    await system.simulator.clear();
    await system.simulator.setFaults(page);
    await system.simulator.reload();
  });
  beforeEach(async () => {
    await system.simulator.clearLog();
  });

  it.each(rows)('%s (%s)', async (_name, model, params, expected) => {
    const messages: Request['messages'] = [{ role: 'user', content: 'echo: ok' }];
    await system.client.chat.completions.create({ messages, ...params, model });

    const requests = await system.simulator.generateContent();
    expect(requests).toHaveLength(1);
    expect(requests[0]?.[0]).toBe(`models/${model}`);
    const found = Object.keys(expected).map((path) => [path, at(requests[0], path)]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });
});

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, index) => (Array.isArray(inner) ? inner[Number(index)] : inner),
      value,
    );
}
