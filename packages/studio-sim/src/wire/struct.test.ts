import { describe, expect, it } from '@jest/globals';

import { decodeStruct, encodeStruct } from './struct.ts';

const EVERY_KIND = {
  text: 'x',
  number: 0.5,
  yes: true,
  no: false,
  nothing: null,
  list: ['a', 1, [true], []],
  object: { inner: { empty: {} } },
};

describe('a Struct', () => {
  it('comes back as it went in', () => {
    expect(decodeStruct(encodeStruct(EVERY_KIND))).toEqual(EVERY_KIND);
  });

  it('can be written the other ways that captures show', () => {
    const style = { listWrapper: false, nullValue: '[null]' } as const;
    expect(encodeStruct({ list: ['a', 'b'], nothing: null }, style)).toEqual([
      [
        [
          'list',
          [
            null,
            null,
            null,
            null,
            null,
            [
              [null, null, 'a'],
              [null, null, 'b'],
            ],
          ],
        ],
        ['nothing', [null]],
      ],
    ]);
  });
});
