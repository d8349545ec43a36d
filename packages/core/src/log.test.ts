import { describe, expect, it } from '@jest/globals';

import { StudioError } from './errors.ts';
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

  it('has no words of others that an error tells its client', () => {
    const logged = 'The service failed.';
    const error = new StudioError('upstream_error', 'It said: your secret plan.', { logged });
    expect(redact({ error })).toMatchObject({ error: { message: logged } });
    expect(JSON.stringify(redact(error))).not.toContain('secret plan');
  });

  it('keeps what an error says', () => {
    expect(redact(new Error('broken'))).toMatchObject({ message: 'broken' });
  });
});
