import { describe, expect, it } from '@jest/globals';

import { COMPLAINTS } from './complaint-table.ts';
import { meaningOf } from './complaints.ts';

const codeOf = (inTurn: string[], elsewhere: string[]): string | undefined => {
  const meaning = meaningOf({ inTurn, elsewhere });
  return meaning?.type === 'failed' ? meaning.error.code : meaning?.type;
};
const toast = (words: string): string | undefined => codeOf([], [words]);

describe('meaningOf', () => {
  it.each([
    ['Failed to generate content: user has exceeded quota. Please try again later.'],
    ["You've reached your rate limit. Please try again later."],
    ['You are out of free generations'],
    [
      'You have reached the daily limit of requests for this model. Please select a different model, or try again tomorrow.',
    ],
    ['Rate limit exceeded. Please wait a few minutes and try again.'],
    [
      'You have reached a rate limit. Set up billing to increase your limits and unblock your work.',
    ],
    ['Resource has been exhausted (e.g. check quota).'],
  ])('takes "%s" for a quota used up', (words) => {
    expect(toast(words)).toBe('rate_limit_exceeded');
  });

  it('bundle C15: prefers what says more: the toast over the general error in the turn', () => {
    const turn = ['An internal error has occurred.'];
    expect(codeOf(turn, [])).toBe('upstream_error');
    expect(codeOf(turn, ["You've reached your rate limit."])).toBe('rate_limit_exceeded');
    expect(
      meaningOf({ inTurn: turn, elsewhere: ['Failed to generate content: permission denied.'] }),
    ).toMatchObject({
      error: { message: expect.stringContaining('permission denied') },
    });
  });

  it('says when to try again where the words do', () => {
    const words = 'quota exceeded: you have reached the limit of requests per minute';
    expect(meaningOf({ inTurn: [], elsewhere: [words] })).toMatchObject({
      error: { retryAfterSeconds: 60 },
    });
  });

  it('says plainly, where a prompt is refused, that automated runs may be, and what to try', () => {
    const words = 'Failed to create interaction: permission denied. Please try again.';
    expect(meaningOf({ inTurn: [], elsewhere: [words] })).toMatchObject({
      error: {
        code: 'upstream_error',
        message: expect.stringMatching(/automated runs.*HEADLESS=false.*HELPER_ENDPOINT/),
      },
    });
  });

  it('knows a prompt that is too long', () => {
    expect(toast('The input exceeds the maximum number of tokens allowed')).toBe(
      'context_length_exceeded',
    );
  });

  it.each([
    ['Content blocked'],
    ['Safety Ratings Content blocked'],
    ['Content not permitted.'],
    ['Prohibited content'],
  ])('knows an answer held back by "%s" in its turn alone', (words) => {
    expect(codeOf([words], [])).toBe('blocked');
    expect(toast(words)).toBeUndefined();
  });

  it('does not take ratings on an answer that was not held back for a refusal', () => {
    expect(codeOf(['Safety Ratings'], [])).toBeUndefined();
  });

  it('does not take every error on the page for one of the answer', () => {
    const words = ['Failed to delete prompt. Please retry.', 'Failed to count tokens'];
    expect(codeOf(['Thinking'], words)).toBeUndefined();
    expect(toast('An internal error has occurred.')).toBeUndefined();
    expect(toast('No API key selected')).toBeUndefined();
    expect(toast('File uploaded successfully')).toBeUndefined();
  });
});

describe('the sentences of the page', () => {
  const generate = 'Failed to generate content';
  const rows: readonly (readonly [
    row: string,
    inTurn: string[],
    elsewhere: string[],
    code: string,
  ])[] = [
    [
      'bundle §4 row 5: a service that is busy, in the turn',
      ["Model isn't available right now. Please wait a minute and try again."],
      [],
      'upstream_error',
    ],
    [
      'bundle §4 row 6: a quota per minute, with details',
      [],
      [
        `${generate}, quota exceeded: you have reached the limit of requests per minute for this model. Please try again later.`,
      ],
      'rate_limit_exceeded',
    ],
    [
      'bundle §4 row 6: a quota per day, with details',
      [],
      [`${generate}, quota exceeded: you have reached the limit of requests today for this model.`],
      'rate_limit_exceeded',
    ],
    [
      'bundle §4 row 6: a quota without details',
      [],
      [`${generate}, quota exceeded. Please try again later.`],
      'rate_limit_exceeded',
    ],
    [
      'bundle §4 row 7: too many input tokens',
      [],
      [`${generate}, too many input tokens: 1200000 exceeds the limit of 1048576. Shorten it.`],
      'context_length_exceeded',
    ],
    [
      'bundle §4 row 8: a service that is unavailable',
      [],
      [`${generate}: service is unavailable. Please try again later.`],
      'upstream_error',
    ],
    [
      'bundle §4 row 8: an authentication error',
      [],
      [`${generate}: authentication error. Please try again.`],
      'not_signed_in',
    ],
    [
      'bundle §4 row 8: a conversation that has ended',
      ['This conversation has ended. Please start a new chat to continue.'],
      [],
      'upstream_error',
    ],
    [
      'bundle §4 row 8: a request that is too large',
      [],
      ['Request is too large. Please try smaller requests.'],
      'request_too_large',
    ],
    [
      'bundle §4 row 8, C23: a spending limit in German',
      ['Das Ausgabenlimit dieses Projekts ist erreicht.'],
      [],
      'rate_limit_exceeded',
    ],
    [
      'bundle §2.5: the limit of tokens, as the newest page words it',
      [],
      [
        `${generate}: input token count exceeds the maximum number of tokens allowed for this model. Please adjust your prompt and try again.`,
      ],
      'context_length_exceeded',
    ],
    [
      'bundle §2.5: a deadline',
      [],
      [`${generate}: deadline exceeded. Please try again.`],
      'upstream_error',
    ],
    ['bundle §2.5: the general toast', [], [`${generate}. Please try again.`], 'upstream_error'],
    [
      'bundle §2.5: an interaction that failed',
      [],
      ['Failed to create interaction stream. Please try again.'],
      'upstream_error',
    ],
    [
      'bundle §2.5: a model that is not found',
      [],
      [`${generate}, model not found: models/x.`],
      'model_not_found',
    ],
    [
      'bundle §2.5: a model that is deprecated',
      [],
      [`${generate}, selected model is deprecated. Please select another.`],
      'model_not_found',
    ],
    [
      'bundle §2.5: a region that is not served',
      [],
      [`${generate}, user location is not supported. Please use a VPN.`],
      'upstream_error',
    ],
    [
      'bundle §2.5: a file that is too large',
      [],
      [`${generate}, file size too large: 2 GB.`],
      'invalid_value',
    ],
    [
      'bundle §2.5: too many images',
      [],
      [`${generate}, too many inlined images: 4000.`],
      'invalid_value',
    ],
    [
      'bundle §2.5: an output that the model does not make',
      [],
      [`${generate}, unsupported response modality: image.`],
      'invalid_value',
    ],
    ['chat §B 9: an output error in the turn', ['Output error'], [], 'upstream_error'],
  ];

  it.each(rows)('%s', (_, inTurn, elsewhere, code) => {
    expect(codeOf(inTurn, elsewhere)).toBe(code);
  });

  it('are plain data', () => {
    expect(JSON.parse(JSON.stringify(COMPLAINTS))).toEqual(COMPLAINTS);
  });

  it('can be extended from outside the table', () => {
    const row = {
      words: 'défense',
      code: 'not_signed_in',
      advice: 'x',
      where: 'anywhere',
    } as const;
    const meaning = meaningOf({ inTurn: [], elsewhere: ['Défense !'] }, [row, ...COMPLAINTS]);
    expect(meaning).toMatchObject({ error: { code: 'not_signed_in' } });
  });
});
