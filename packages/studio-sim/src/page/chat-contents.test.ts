import { describe, expect, it } from '@jest/globals';

import { toContents } from './chat.ts';
import { toResponse } from './function-call-chunk.ts';

const text = (words: string): unknown[] => [null, words];
const call = (name: string): unknown[] => [...Array.from({ length: 10 }, () => null), [name, []]];
const response = (name: string): unknown[] => [...Array.from({ length: 11 }, () => null), [name]];

describe('bundle C3: a function response', () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    ['[1]', { response: [1] }],
    ['2', { response: 2 }],
    ['null', { response: null }],
    ['no JSON', { response: 'no JSON' }],
  ])('%s', (given, expected) => {
    expect(toResponse(given)).toEqual(expected);
  });
});

describe('the contents of a chat', () => {
  it('join turns of one speaker, and leave out those without parts', () => {
    const thoughts = { role: 'model', parts: [text('thought')] } as const;
    const answer = { role: 'model', parts: [text('answer')] } as const;
    const empty = { role: 'model', parts: [] } as const;
    const user = { role: 'user', parts: [text('question')] } as const;
    expect(toContents([user, thoughts, answer, empty])).toEqual([
      [[text('question')], 'user'],
      [[text('thought'), text('answer')], 'model'],
    ]);
  });

  it('bundle C4: have each response in a user content of its own after its call', () => {
    const answered = {
      role: 'model',
      parts: [text('one moment'), call('a'), response('a'), call('b'), response('b')],
    } as const;
    const next = { role: 'user', parts: [text('and now?')] } as const;
    expect(toContents([answered, next])).toEqual([
      [[text('one moment'), call('a')], 'model'],
      [[response('a')], 'user'],
      [[call('b')], 'model'],
      [[response('b')], 'user'],
      [[text('and now?')], 'user'],
    ]);
  });

  it('bundle C4: have a call without a response alone', () => {
    const turn = { role: 'model', parts: [call('a'), call('b'), response('b')] } as const;
    expect(toContents([turn]).map(([parts, role]) => [parts.length, role])).toEqual([
      [2, 'model'],
      [1, 'user'],
    ]);
  });
});
