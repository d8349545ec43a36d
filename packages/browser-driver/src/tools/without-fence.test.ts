import { type JobEvent } from '@aistudio/core';
import { collect } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { withoutFence } from './without-fence.ts';

async function* inPieces(text: string, length: number): AsyncGenerator<JobEvent> {
  for (let at = 0; at < text.length; at += length) {
    yield { type: 'text', text: text.slice(at, at + length) };
  }
  yield { type: 'finish', reason: 'stop' };
}

/** The text that is left of one that comes in pieces of every length. */
async function leftOf(text: string): Promise<string> {
  const results = new Set<string>();
  for (let length = 1; length <= text.length; length++) {
    const events = await collect(withoutFence(inPieces(text, length)));
    results.add(events.map((event) => ('text' in event ? event.text : '')).join(''));
  }
  expect(results.size).toBe(1);
  return [...results].join('');
}

describe('withoutFence', () => {
  it.each([
    ['```json\n{"a": 1}\n```', '{"a": 1}'],
    ['\n```\n[1,\n 2]\n```\n\n', '[1,\n 2]'],
    ['```json\n{"a": "```"}\n```', '{"a": "```"}'],
    ['{"a": 1}\n', '{"a": 1}\n'],
    ['{"a": "```json\\n```"}', '{"a": "```json\\n```"}'],
    ['  no JSON ``` at all ```', '  no JSON ``` at all ```'],
    ['``', '``'],
  ])('makes %j %j', async (text, left) => {
    expect(await leftOf(text)).toBe(left);
  });
});
