import { describe, expect, it } from '@jest/globals';

import { meaningOf } from './complaints.ts';

const codeOf = (inTurn: string[], elsewhere: string[]): string | undefined => {
  const meaning = meaningOf({ inTurn, elsewhere });
  return meaning?.type === 'failed' ? meaning.error.code : meaning?.type;
};

describe('meaningOf', () => {
  it.each([
    ['Failed to generate content: user has exceeded quota. Please try again later.'],
    ["You've reached your rate limit. Please try again later."],
    ['You are out of free generations'],
  ])('takes "%s" for a quota used up', (words) => {
    expect(codeOf([], [words])).toBe('rate_limit_exceeded');
  });

  it('prefers what says more: the toast over the general error in the turn', () => {
    const turn = ['An internal error has occurred.'];
    expect(codeOf(turn, [])).toBe('upstream_error');
    expect(codeOf(turn, ["You've reached your rate limit."])).toBe('rate_limit_exceeded');
    expect(
      meaningOf({ inTurn: turn, elsewhere: ['Failed to generate content: permission denied.'] }),
    ).toMatchObject({
      error: { message: expect.stringContaining('permission denied') },
    });
  });

  it('knows a prompt that is too long', () => {
    expect(codeOf([], ['The input exceeds the maximum number of tokens allowed'])).toBe(
      'context_length_exceeded',
    );
  });

  it('knows an answer held back by its turn alone', () => {
    expect(codeOf(['Content blocked'], [])).toBe('blocked');
    expect(codeOf([], ['Content blocked'])).toBeUndefined();
  });

  it('does not take every error on the page for one of the answer', () => {
    const words = ['Failed to delete prompt. Please retry.', 'Failed to count tokens'];
    expect(codeOf(['Thinking'], words)).toBeUndefined();
    expect(codeOf([], ['An internal error has occurred.'])).toBeUndefined();
  });
});
