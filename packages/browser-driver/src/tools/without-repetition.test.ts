import { type JobEvent } from '@aistudio/core';
import { collect } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { withoutRepetition } from './without-repetition.ts';

async function* each(pieces: readonly string[]): AsyncGenerator<JobEvent> {
  for (const text of pieces) yield { type: 'text', text };
  yield { type: 'finish', reason: 'stop' };
}

const textOf = async (begun: string, ...pieces: string[]): Promise<string> =>
  (await collect(withoutRepetition(each(pieces), begun)))
    .map((event) => (event.type === 'text' ? event.text : ''))
    .join('');

const begun = 'Once upon a time there was a king who';

describe('withoutRepetition', () => {
  it.each([
    ['the whole beginning again', [begun, ' ruled'], ' ruled'],
    ['a part of it', ['Once upon', ' a mountain'], 'Once upon a mountain'],
    ['only what follows', [' ruled'], ' ruled'],
    ['a part of it and nothing more', ['Once upon'], 'Once upon'],
  ])('gives what is new of an answer with %s', async (_, pieces, expected) => {
    expect(await textOf(begun, ...pieces)).toBe(expected);
  });

  it('lets short beginnings stand twice', async () => {
    expect(await textOf('ha', 'ha', '!')).toBe('ha!');
  });

  it('is the same however the answer is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 60 })), fc.boolean(), async (places, repeats) => {
        const whole = `${repeats ? begun : ''} ruled over nothing`;
        const cuts = [0, ...places.map((at) => at % whole.length), whole.length];
        cuts.sort((a, b) => a - b);
        const pieces = cuts.slice(1).map((at, index) => whole.slice(cuts[index], at));
        expect(await textOf(begun, ...pieces)).toBe(' ruled over nothing');
      }),
    );
  });
});
