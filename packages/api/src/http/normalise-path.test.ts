import { describe, expect, it } from '@jest/globals';

import { normalisePath } from './normalise-path.ts';

const CHAT = '/v1/chat/completions';

describe('normalisePath', () => {
  it.each([
    ['/', '/'],
    ['//', '/'],
    ['/health/', '/health'],
    ['/Health/LIVE', '/health/live'],
    ['/v1', '/v1'],
    ['/v1/chat/completions/', CHAT],
    ['/chat/completions', CHAT],
    ['/openai/chat/completions', CHAT],
    ['/api/v1/models', '/v1/models'],
    ['/api/openai/v1/models', '/v1/models'],
    ['/api/keys', '/api/keys'],
    ['/API/Keys/aBc', '/api/keys/aBc'],
    ['/v1/models/a%2Fb', '/v1/models/a%2Fb'],
    ['/v1/models/models/a', '/v1/models/models/a'],
    ['/V1/Models/Gemini-A', '/v1/models/Gemini-A'],
    ['//v1//models?a=//b?c', '/v1/models?a=//b?c'],
    ['/other', '/other'],
    ['/V1/Chat/Completions', CHAT],
    ['/V1/CANCEL/chatcmpl-aB', '/v1/cancel/chatcmpl-aB'],
    ['/v1beta/openai/chat/completions', CHAT],
    ['/v1beta/openai/v1/models', '/v1/models'],
    ['/v1beta/models/x:generateContent', '/v1beta/models/x:generateContent'],
    ['/api/chat/completions', CHAT],
    ['/api/chat', '/api/chat'],
    ['/v1/chat/completions/chat/completions', CHAT],
    ['/v1/chat/completions/v1/chat/completions', CHAT],
    ['/chat/completions/chat/completions/chat/completions', CHAT],
    ['/v1/chat/completions/models', '/v1/models'],
    ['/v1/completions/completions', '/v1/completions'],
    ['/v1/completions/chat/completions', CHAT],
    ['/v1/responses/chat/completions', CHAT],
    ['/v1/chat/completions/chatcmpl-1', '/v1/chat/completions/chatcmpl-1'],
    ['http://127.0.0.1:2048/v1/chat/completions?a=b', `${CHAT}?a=b`],
    ['HTTP://host', '/'],
    ['/v1/v1beta/openai/chat/completions', CHAT],
    ['/v1beta/chat/completions', CHAT],
    ['/v1/chat/chat/completions', CHAT],
    ['/v1/messages/chat/completions', CHAT],
    ['/responses', '/v1/responses'],
    ['/messages/count_tokens', '/v1/messages/count_tokens'],
  ])('M-02: %s → %s', (given, wanted) => {
    expect(normalisePath(given)).toEqual({ url: wanted, model: undefined });
  });

  it.each([
    ['/openai/deployments/Gem%20ini/chat/completions?api-version=1', `${CHAT}?api-version=1`],
    ['/deployments/Gem%20ini/chat/completions', CHAT],
    ['/v1/engines/Gem%20ini/completions', '/v1/completions'],
  ])('gives the model that %s names', (given, wanted) => {
    expect(normalisePath(given)).toEqual({ url: wanted, model: 'Gem ini' });
  });
});
