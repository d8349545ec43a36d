import { z } from 'zod';

import { WireStyle } from '../answer/directive.ts';

/** How the simulator is set up: what is not a fault. Changed by `POST /faults`, like the faults. */
export const Options = z.strictObject({
  variant: z.enum(['u3', 'u2']).describe('generation of the page: newest or older'),
  drift: z
    .int()
    .nonnegative()
    .describe('seed of random changes to names, words and structure of the page; 0: none'),
  timing: z.enum(['fast', 'typical', 'measured', 'slow']).describe('the page’s own delays'),
  jitter: z
    .int()
    .nonnegative()
    .nullable()
    .describe('effects of a control come up to so many ms after it; null: as the timing has it'),
  seed: z.int().nonnegative().describe('decides the random delays of a page that loads'),
  messages: z.enum(['en', 'de']).describe('language of the texts that the page translates'),
  accounts: z.int().positive().describe('how many accounts are signed in: /u/0/ to /u/N-1/'),
  bodyMode: z
    .enum(['xhr', 'fetch-string', 'fetch-stream'])
    .describe('how the page sends CountTokens and GenerateContent'),
  requireSignIn: z.boolean().describe('only a browser that signed in is let in'),
  requireSignatures: z
    .boolean()
    .describe('refuse function calls of thinking models that come back without their signature'),
  ...WireStyle.shape,
});
export type Options = z.infer<typeof Options>;

/** Where a simulator starts from. */
export const DEFAULT_OPTIONS: Options = {
  variant: 'u3',
  drift: 0,
  timing: 'typical',
  jitter: null,
  seed: 1,
  messages: 'en',
  accounts: 1,
  bodyMode: 'xhr',
  requireSignIn: false,
  requireSignatures: false,
  gzip: true,
  flushPerFrame: true,
  splitBytes: null,
  splitInsideUtf8: false,
  coalesce: 1,
  sparse: false,
  escapeHtml: false,
  listWrapper: true,
  nullValue: '[0]',
  duplicateCallFrames: false,
  thoughtTokensEarly: false,
  dropAfterBytes: null,
  stallMs: 0,
};
