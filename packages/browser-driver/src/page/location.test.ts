import { describe, expect, it } from '@jest/globals';

import { checkLocation, HOME, homeOf, UnusableError } from './location.ts';

const STUDIO = 'https://aistudio.google.com';

const failureAt = (url: string, title?: string): unknown => {
  try {
    checkLocation(url, title);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('checkLocation', () => {
  it.each([
    [HOME],
    [homeOf(2)],
    [`${STUDIO}/app/prompts/new_chat`],
    [`${STUDIO}/prompts/4031a`],
    [`${STUDIO}/prompts/new_chat?model=gemini-403`],
    ['about:blank'],
  ])('lets %s pass', (url) => {
    expect(failureAt(url, 'Google AI Studio')).toBeUndefined();
  });

  it.each([
    ['https://accounts.google.com/v3/signin/accountchooser?continue=x', 'not_signed_in'],
    [`${STUDIO}/welcome`, 'not_signed_in'],
    [`${STUDIO}/u/1/welcome`, 'not_signed_in'],
    ['https://ai.google.dev/gemini-api/docs/available-regions', 'upstream_error'],
    ['https://support.google.com/a/answer/13651792', 'upstream_error'],
    [`${STUDIO}/403`, 'upstream_error'],
    [`${STUDIO}/u/3/403`, 'upstream_error'],
    [`${STUDIO}/prompt-access-restricted`, 'upstream_error'],
  ])('bundle §2.5: %s waits for a person', (url, code) => {
    const error = failureAt(url);
    expect(error).toBeInstanceOf(UnusableError);
    expect(error).toMatchObject({ code });
  });

  it.each([
    [`${STUDIO}/500`],
    [`${STUDIO}/520`],
    [`${STUDIO}/404`],
    ['chrome-error://chromewebdata/'],
  ])('bundle §2.5: %s may pass by itself', (url) => {
    const error = failureAt(url);
    expect(error).toMatchObject({ code: 'upstream_error' });
    expect(error).not.toBeInstanceOf(UnusableError);
  });

  it('goes by the title where the address says nothing', () => {
    expect(failureAt(HOME, '403 Forbidden')).toBeInstanceOf(UnusableError);
  });
});

describe('homeOf', () => {
  it('is the plain address for the first account, and under its number for another', () => {
    expect([homeOf(0), homeOf(1)]).toEqual([HOME, `${STUDIO}/u/1/prompts/new_chat`]);
  });
});
