import { describe, expect, it } from '@jest/globals';

import { redact } from './log.ts';

describe('redact', () => {
  it('masks secrets and the user’s words at any depth, and keeps the rest', () => {
    const fields = {
      tier: 'dom',
      headers: { cookie: 'SID=1', authorization: 'Bearer x', 'x-api-key': 'sk-1' },
      turns: [{ text: 'hello', role: 'user' }],
      apiKey: 'sk-2',
      promptTokens: 12,
    };
    expect(redact(fields)).toEqual({
      tier: 'dom',
      headers: { cookie: '***', authorization: '***', 'x-api-key': '***' },
      turns: [{ text: '***', role: 'user' }],
      apiKey: '***',
      promptTokens: 12,
    });
  });

  it('keeps what an error says', () => {
    expect(redact(new Error('broken'))).toMatchObject({ message: 'broken' });
  });
});
