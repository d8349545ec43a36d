import { type IncomingMessage } from 'node:http';

import { PLAIN_SETTINGS } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { type Draft } from '../files/remote-file.ts';
import { repeatOf } from './fingerprint.ts';

const draft = (text = 'Hi'): Draft => ({
  model: 'm',
  turns: [{ role: 'user', parts: [{ type: 'text', text }] }],
  settings: PLAIN_SETTINGS,
});
const request = (headers: Record<string, string>): IncomingMessage =>
  ({ headers, url: '/v1/chat/completions' }) as unknown as IncomingMessage;
const attempt = (number: number, key = 'one'): IncomingMessage =>
  request({ 'x-stainless-retry-count': String(number), authorization: `Bearer ${key}` });

describe('a request that its client numbers', () => {
  it('is a repetition from the second attempt on', async () => {
    expect((await repeatOf(attempt(0), draft()))?.isRepeated).toBe(false);
    expect((await repeatOf(attempt(1), draft()))?.isRepeated).toBe(true);
    expect(await repeatOf(request({}), draft())).toBeUndefined();
  });

  it('is the same as another where one key asks for one plan', async () => {
    const [first, again, otherKey, otherPlan] = await Promise.all([
      repeatOf(attempt(0), draft()),
      repeatOf(attempt(1), draft()),
      repeatOf(attempt(1, 'two'), draft()),
      repeatOf(attempt(1), draft('Ho')),
    ]);
    expect(again?.fingerprint).toBe(first?.fingerprint);
    expect(otherKey?.fingerprint).not.toBe(first?.fingerprint);
    expect(otherPlan?.fingerprint).not.toBe(first?.fingerprint);
  });
});
