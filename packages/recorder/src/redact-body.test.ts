import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { createPlaceholders, isPlaceholder } from './placeholders.ts';
import { redactBody, type Side } from './redact-body.ts';
import { CODES } from './vocabulary.ts';

const placeholders = createPlaceholders();

/** Messages with something in each position that is known (wire-format.md §4, §5, §7, §9). */
const MESSAGES: readonly (readonly [method: string, side: Side, message: unknown])[] = [
  [
    'GenerateContent',
    'request',
    [
      'models/gemini-2.5-pro',
      [
        [
          [
            [null, 'prompt'],
            [null, null, ['image/png', 'aGVsbG8=']],
            [null, null, null, null, 'sample-video'],
            [null, null, null, null, null, ['drive-id', null, 'resource-key']],
            [null, null, null, null, null, null, ['video/*', 'https://video.example/x']],
            [null, null, null, null, null, null, null, [1, 'print(1)']],
            [null, null, null, null, null, null, null, null, [1, 'result']],
            [...nulls(10), ['call', [[['city', [null, null, 'München']]]], 'call-id']],
            [...nulls(11), ['call', [[['when', [null, 19_850_412]]]], 'call-id']],
            [...nulls(14), 'signature'],
          ],
          'user',
        ],
      ],
      [[null, null, 7, 5]],
      [
        null,
        ['stop'],
        null,
        65_536,
        1,
        0.95,
        64,
        'application/json',
        [6, null, 'description', null, null, null, [['key', [1]]]],
        ...nulls(7),
        [1, -1],
      ],
      '!attestation',
      [[[null, 'system']], 'user'],
      [[null, [['function', 'its description', [6]]]]],
      null,
      null,
      null,
      1,
      'response-id',
      null,
      [[null, null, 'Europe/Berlin']],
      'AIzaSyPlantedPlantedPlantedPlantedPlante',
      [[[[null, 'second instruction']], 'user'], 1],
    ],
  ],
  [
    'GenerateContent',
    'response',
    [
      [
        [
          [
            [
              [
                [
                  [null, 'answer', ...nulls(10), 1],
                  [...nulls(10), ['call', [[['city', [null, null, 'Oslo']]]], 'call-id']],
                  [...nulls(14), 'signature'],
                ],
                'model',
              ],
              1,
              0,
              'finish message',
              [[null, 7, 1]],
              null,
              [[[0, 5, 'https://cited.example', 'license']]],
              [[['https://grounding.example', 'title']], [[1, 'segment']], null, null, ['query']],
            ],
          ],
          [3, [[null, 7, 2]], 'prompt feedback'],
          [12, 34, 56, ...nulls(6), 7],
          'metadata',
          null,
          null,
          null,
          'response-id',
        ],
      ],
      [
        8,
        'the status message',
        [['type.googleapis.com/x', ['reason', 'domain', [['key', 'value']]]]],
      ],
    ],
  ],
  ['GenerateContent', 'response', [null, [7, 'The caller does not have permission']]],
  [
    'CountTokens',
    'request',
    [
      'models/gemini-2.5-pro',
      [[[[null, 'text']], 'user']],
      ['models/x', [[[[null, 'a']], 'user']]],
      'api-key',
    ],
  ],
  ['CountTokens', 'response', [12, ['details']]],
  ['ListModels', 'request', ['page token', 100]],
  [
    'ListModels',
    'response',
    [
      [
        [
          'models/gemini-2.5-pro',
          null,
          '1.0',
          'Gemini 2.5 Pro',
          'Our description',
          1_048_576,
          65_536,
          ['generateContent'],
          1,
          0.95,
          64,
          ...nulls(45),
          [['models/gemini-pro', 1]],
        ],
      ],
    ],
  ],
  ['GetUserPreferences', 'response', [2, 'dialog', 'token', ['list']]],
  ['GenerateAccessToken', 'request', ['users/me', ['scope']]],
  ['GenerateAccessToken', 'response', ['ya29.planted', ['1790000000', 0]]],
  [
    'CreateInteractionStream',
    'request',
    [
      true,
      1,
      false,
      [
        'id',
        1,
        ...nulls(4),
        'system',
        [['name', 'description', [6]]],
        ...nulls(8),
        'previous',
        ['models/gemini-3-flash', []],
        ...nulls(8),
        ['input'],
      ],
      'attestation',
      1,
    ],
  ],
  [
    'CreateInteractionStream',
    'response',
    [
      [
        [null, null, null, null, null, null, null, null, null, null, [0, ['text']]],
        [['interactions/abc']],
      ],
      [8, 'message'],
    ],
  ],
  [
    'SomeUnknownMethod',
    'request',
    ['name', [['a', 1_790_000_000, 12_345, { key: 'value' }]], true],
  ],
  [
    'SomeUnknownMethod',
    'response',
    [[['projects/123456789', 'title', 7]], 'text/plain', 'user', 'models/gemini-2.5-pro'],
  ],
];

function nulls(count: number): null[] {
  return Array.from({ length: count }, () => null);
}

/** Copies of a message with another secret at each string, and each key, in turn. */
function* planted(message: unknown, secret: string): Generator {
  if (typeof message === 'string') yield secret;
  else if (Array.isArray(message)) {
    for (const [index, item] of message.entries()) {
      for (const copy of planted(item, secret)) yield message.with(index, copy);
    }
  } else if (typeof message === 'object' && message !== null) {
    for (const [key, item] of Object.entries(message)) {
      yield { ...message, [secret]: 1 };
      for (const copy of planted(item, secret)) yield { ...message, [key]: copy };
    }
  }
}

/** One of each kind that people have. */
const SECRETS = [
  'maria.muster@mail.example',
  'AIzaSyD-planted-0123456789abcdefghijklm',
  'Maria Muster, Musterweg 12',
  'models/maria-muster-tuned',
  'type.googleapis.com/maria.muster',
  '{"name": "Maria", "note": "\\u004daria Muster"}',
];

describe.each(MESSAGES)('%s %s', (method, side, message) => {
  it.each(SECRETS)('keeps nothing of %s, wherever it stands', (secret) => {
    const words = secret.match(/[\p{L}\p{N}]{3,}/gu) ?? [];
    const personal = words.filter(
      (word) => !/^(?:models|type|googleapis|com|name|note|mail|planted|tuned|example)$/.test(word),
    );
    let count = 0;
    for (const copy of planted(message, secret)) {
      count += 1;
      const said = JSON.stringify(redactBody(method, side, copy, placeholders));
      expect(personal.filter((word) => said.includes(word))).toEqual([]);
    }
    expect(count > 0 || !/"/.test(JSON.stringify(message))).toBe(true);
  });

  it('keeps the structure, position by position', () => {
    expect(toShape(redactBody(method, side, message, placeholders))).toEqual(toShape(message));
  });
});

/** A message with only the kinds and lengths of its values. */
function toShape(value: unknown): unknown {
  if (typeof value === 'string') return `string of ${value.length}`;
  if (typeof value === 'number') return `${String(value).length} digits`;
  if (Array.isArray(value)) return value.map(toShape);
  if (typeof value === 'object' && value !== null) return Object.values(value).map(toShape);
  return value;
}

describe('a redacted body', () => {
  it('keeps the codes that an answer is understood by', () => {
    const [, , message] = MESSAGES[1] ?? [];
    const redacted = redactBody(
      'GenerateContent',
      'response',
      message,
      placeholders,
    ) as unknown[][][][][][];
    expect(redacted[0]?.[0]?.[2]).toEqual([12, 34, 56, ...nulls(6), 7]);
    expect(redacted[0]?.[0]?.[0]?.[0]?.[1]).toBe(1);
    const status = redactBody('GenerateContent', 'response', MESSAGES[2]?.[2], placeholders);
    expect(status).toEqual([null, [7, 'The caller does not have permission']]);
  });

  it('keeps ids of public models, and replaces those of tuned ones', () => {
    const models = [[['models/gemini-3-flash-preview'], ['tunedModels/maria-muster-1']]];
    const redacted = redactBody('ListModels', 'response', models, placeholders) as string[][][];
    expect(redacted[0]?.[0]?.[0]).toBe('models/gemini-3-flash-preview');
    expect(isPlaceholder(redacted[0]?.[1]?.[0] ?? '')).toBe(true);
  });

  it('keeps the references between request and answer', () => {
    const sent = redactBody('SomeMethod', 'request', ['prompts/abc123'], placeholders) as string[];
    const got = redactBody('Other', 'response', [['prompts/abc123']], placeholders) as string[][];
    expect(got[0]?.[0]).toBe(sent[0]);
  });

  it('replaces numbers that are no codes: ids, times, what a call says', () => {
    const unknown = redactBody('Unknown', 'response', [3, 1985, 1_790_000_000], placeholders);
    expect(unknown).toEqual([3, expect.any(Number), expect.any(Number)]);
    expect(JSON.stringify(unknown)).not.toMatch(/1985|1790000000/);
    const [, , message] = MESSAGES[0] ?? [];
    const request = redactBody('GenerateContent', 'request', message, placeholders);
    expect(JSON.stringify(request)).not.toContain('19850412');
    expect(JSON.stringify(request)).toContain('65536');
  });

  it('has no string of an unknown RPC, whatever the message is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (message) => {
        const strings: string[] = [];
        JSON.stringify(redactBody('Unknown', 'response', message, placeholders), (key, value) => {
          strings.push(key.replaceAll(/^\d+$/g, ''));
          if (typeof value === 'string') strings.push(value);
          return value as unknown;
        });
        return strings.every(isPlaceholder);
      }),
    );
  });

  it('has of any message of a known RPC only placeholders and codes', () => {
    const kinds = Object.values(CODES);
    fc.assert(
      fc.property(
        fc.constantFrom(...MESSAGES.map(([method]) => method)),
        fc.constantFrom<Side>('request', 'response'),
        fc.array(fc.jsonValue({ maxDepth: 6 })),
        (method, side, message) => {
          const strings: string[] = [];
          JSON.stringify(redactBody(method, side, message, placeholders), (_key, value) => {
            if (typeof value === 'string') strings.push(value);
            return value as unknown;
          });
          return strings.every((text) => isPlaceholder(text) || kinds.some((is) => is(text)));
        },
      ),
    );
  });
});
