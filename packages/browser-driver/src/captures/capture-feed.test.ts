import { isAfter } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

describe('isAfter', () => {
  it.each([
    ['10-0', '9-9', true],
    ['9-10', '9-9', true],
    ['9-9', '9-9', false],
    ['9-9', '10-0', false],
    ['1-0', '0-0', true],
  ])('%s after %s: %s', (position, start, expected) => {
    expect(isAfter(position, start)).toBe(expected);
  });
});
