import { type OpenAI } from 'openai';

import { type SharedStack } from './shared-stack.ts';

type Request = OpenAI.ChatCompletionCreateParamsNonStreaming;
/** A request array's positions, by wire-format.md §4: path and value. */
type Expected = Readonly<Record<string, unknown>>;

/** A tool that AI Studio has and OpenAI's types lack. */
const builtIn = (type: string): OpenAI.ChatCompletionTool =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what clients send who know of it
  ({ type }) as unknown as OpenAI.ChatCompletionTool;

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

/**
 * What a client sets, and where it stands in the request of the page: name, model, parameters, and
 * positions with their values.
 */
export const SETTINGS_ROWS: readonly [string, string, Partial<Request>, Expected][] = [
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
  ['effort none', 'gemini-2.5-flash', { reasoning_effort: 'none' }, { '3.16': [0, 0] }],
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
    { tools: [builtIn('google_search')] },
    { '6': [[null, null, null, [null, [[]]]]] },
  ],
  ['code execution', 'gemini-2.5-flash', { tools: [builtIn('code_execution')] }, { '6': [[[]]] }],
  [
    'url context',
    'gemini-2.5-flash',
    { tools: [builtIn('url_context')] },
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

/** The differences between what a client sets by a row and what the page asks; none: it arrived. */
export async function settingsMissing(
  { client, simulator }: Pick<SharedStack, 'client' | 'simulator'>,
  [, model, params, expected]: (typeof SETTINGS_ROWS)[number],
): Promise<Record<string, unknown>> {
  await simulator.clearLog();
  const messages: Request['messages'] = [{ role: 'user', content: 'echo: ok' }];
  await client.chat.completions.create({ messages, ...params, model });
  const requests = await simulator.generateContent();
  const all: Expected = { ...expected, '0': `models/${model}` };
  const wrong = Object.entries(all)
    .map(([path, value]) => [path, at(requests[0], path), value] as const)
    .filter(([, found, value]) => JSON.stringify(found ?? null) !== JSON.stringify(value))
    .map(([path, found]) => [path, found ?? null]);
  return {
    ...(requests.length === 1 ? {} : { requests: requests.length }),
    ...Object.fromEntries(wrong),
  };
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, index) => (Array.isArray(inner) ? inner[Number(index)] : inner),
      value,
    );
}
