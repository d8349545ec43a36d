import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { encodeFrame, type Frame } from './encode-frame.ts';
import { serialize, type TextStyle } from './serialize.ts';
import { PLAIN_STRUCT } from './struct.ts';

const RESPONSE_ID = 'v1_ZXhhbXBsZS0wMQ';
const METADATA = [null, null, null, ['1790000000000001', 52_000_111, 1_790_000_000]];
const PLAIN: TextStyle = { sparse: false, escapeHtml: false };

const vector = (name: string): string =>
  readFileSync(new URL(`__fixtures__/${name}.wire`, import.meta.url), 'utf8');

const body = (frames: readonly Frame[], style: TextStyle = PLAIN): string =>
  serialize(
    [[...frames.map((frame) => encodeFrame(frame, RESPONSE_ID, PLAIN_STRUCT)), METADATA]],
    style,
  );

const DOT =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

const VECTORS: Readonly<Record<string, readonly Frame[]>> = {
  E1: [
    { parts: [{ text: 'A lighthouse keeper' }], usage: { prompt: 11, output: 4 } },
    {
      parts: [{ text: ' writes one letter a day,\n\n1. to the sea\n2. to the storm\n' }],
      usage: { prompt: 11, output: 19 },
    },
    { parts: [{ text: '3. to nobody.' }], usage: { prompt: 11, output: 24 } },
    { parts: [{ text: '' }], finish: 1, usage: { prompt: 11, output: 24 } },
  ],
  E2: [
    {
      parts: [
        {
          text: '**Weighing the question**\n\nThe user wants a single number. I should check 17 × 6.\n\n\n',
          thought: true,
        },
      ],
      usage: { prompt: 18 },
    },
    {
      parts: [
        {
          text: '**Confirming**\n\n17 × 6 = 102, so the answer is short.\n\n\n',
          thought: true,
        },
      ],
      usage: { prompt: 18 },
    },
    { parts: [{ text: '17 × 6 is ' }], usage: { prompt: 18, output: 6, thoughts: 64 } },
    { parts: [{ text: '**102**.' }], usage: { prompt: 18, output: 10, thoughts: 64 } },
    {
      parts: [{ text: '', signature: 'U0lHTkFUVVJFLU9ORQ==' }],
      finish: 1,
      usage: { prompt: 18, output: 10, thoughts: 64 },
    },
  ],
  E3: [
    {
      parts: [
        {
          text: '**Choosing a tool**\n\nThe request maps to create_ticket.\n\n\n',
          thought: true,
        },
      ],
      usage: { prompt: 96 },
    },
    {
      parts: [
        {
          call: {
            name: 'create_ticket',
            id: 'call_a1',
            args: {
              title: 'Fix "login" page\nASAP',
              priority: 2,
              score: 0.75,
              urgent: true,
              silent: false,
              assignee: null,
              labels: ['ui', 'auth'],
              meta: { source: 'chat', retries: 3, flags: {} },
              steps: [
                { n: 1, do: 'open' },
                { n: 2, do: 'close' },
              ],
              watchers: [],
            },
          },
          signature: 'U0lHTkFUVVJFLVRXTw==',
        },
      ],
      usage: { prompt: 96, output: 41, thoughts: 58 },
    },
    { parts: [{ text: '' }], finish: 1, usage: { prompt: 96, output: 41, thoughts: 58 } },
  ],
  E4: [
    {
      parts: [
        { call: { name: 'get_weather', args: { city: 'Zürich' }, id: 'call_b1' } },
        { call: { name: 'get_weather', args: { city: 'Kraków', days: 3 }, id: 'call_b2' } },
      ],
      usage: { prompt: 70, output: 22 },
    },
    {
      parts: [{ call: { name: 'get_weather', args: { city: 'Kraków', days: 3 }, id: 'call_b2' } }],
      usage: { prompt: 70, output: 22 },
    },
    { parts: [{ call: { name: 'get_time', args: {} } }], usage: { prompt: 70, output: 27 } },
    { parts: [{ text: '' }], finish: 1, usage: { prompt: 70, output: 27 } },
  ],
  E5: [
    { parts: [{ text: 'Here is the dot you asked for:' }], usage: { prompt: 13, output: 8 } },
    {
      parts: [{ media: { mimeType: 'image/png', data: DOT } }],
      usage: { prompt: 13, output: 1298 },
    },
    { parts: [{ text: '' }], finish: 1, usage: { prompt: 13, output: 1298 } },
  ],
  E6: [
    { parts: [{ text: 'One, two, three, fo' }], usage: { prompt: 9, output: 8 } },
    { finish: 2, usage: { prompt: 9, output: 8 } },
  ],
  E7a: [{ blockReason: 4, usage: { prompt: 12 } }],
  E7b: [
    { parts: [{ text: 'I can start by saying that' }], usage: { prompt: 21, output: 6 } },
    { finish: 3, usage: { prompt: 21, output: 6 } },
  ],
  E9: [
    {
      parts: [{ text: 'The bridge opened in 1932 and carries eight lanes.' }],
      usage: { prompt: 25, output: 14, tool: 310 },
    },
    {
      parts: [{ text: '' }],
      finish: 1,
      citations: [{ url: 'https://example.org/bridge', title: 'Bridge facts', start: 0, end: 25 }],
      grounding: [
        ['<div class="chips">bridge opening year</div>'],
        [
          [['https://example.org/bridge', 'example.org']],
          [['https://example.net/lanes', 'example.net']],
        ],
        [
          [[null, null, 25, 'The bridge opened in 1932'], [0], [0.94]],
          [
            [null, 26, 50, 'and carries eight lanes.'],
            [0, 1],
            [0.61, 0.88],
          ],
        ],
        null,
        ['bridge opening year', 'bridge lanes'],
      ],
      usage: { prompt: 25, output: 14, tool: 310 },
    },
  ],
  E11: [
    { parts: [{ code: 'print(sum(range(1, 11)))\n' }], usage: { prompt: 33, output: 14 } },
    {
      parts: [{ codeResult: { outcome: 1, output: '55\n' } }],
      usage: { prompt: 33, output: 14, tool: 21 },
    },
    { parts: [{ text: 'The sum is 55.' }], usage: { prompt: 33, output: 20, tool: 21 } },
    { parts: [{ text: '' }], finish: 1, usage: { prompt: 33, output: 20, tool: 21 } },
  ],
};

describe('the encoder', () => {
  it.each(Object.keys(VECTORS))('writes %s byte for byte', (name) => {
    expect(body(VECTORS[name]!)).toBe(vector(name));
  });

  it('writes E10 with escaped angle brackets and separators', () => {
    const frames: Frame[] = [
      {
        parts: [{ text: 'Array end: ]],"model"] and start: [[[null,"x"]] — a "quoted ' }],
        usage: { prompt: 30, output: 20 },
      },
      {
        parts: [
          {
            text: '\\"inner\\" path" C:\\temp\\new, tab\there, 😀 family 👨‍👩‍👧, 漢字, é, <b>&amp;</b> \u2028 done',
          },
        ],
        usage: { prompt: 30, output: 61 },
      },
      { parts: [{ text: '' }], finish: 1, usage: { prompt: 30, output: 61 } },
    ];
    expect(body(frames, { sparse: false, escapeHtml: true })).toBe(vector('E10'));
  });

  it('writes E12 with nulls left out', () => {
    const frames: Frame[] = [
      { parts: [{ text: 'Sparse ' }], usage: { prompt: 5, output: 2 } },
      {
        parts: [{ text: 'form', signature: 'U0lHTkFUVVJFLU9ORQ==' }],
        finish: 1,
        usage: { prompt: 5, output: 3 },
      },
    ];
    expect(body(frames, { sparse: true, escapeHtml: false })).toBe(vector('E12'));
  });

  it('writes the beginning of E2 when the connection is cut as in E13', () => {
    expect(body(VECTORS['E2']!).startsWith(vector('E13'))).toBe(true);
  });
});
