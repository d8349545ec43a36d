import { describe, expect, it } from '@jest/globals';

import { normalisePath } from './normalise-path.ts';

describe('normalisePath', () => {
  it.each([
    ['/', '/'],
    ['//', '/'],
    ['/health/', '/health'],
    ['/v1', '/v1'],
    ['/v1/chat/completions/', '/v1/chat/completions'],
    ['/chat/completions', '/v1/chat/completions'],
    ['/openai/chat/completions', '/v1/chat/completions'],
    ['/api/v1/models', '/v1/models'],
    ['/api/openai/v1/models', '/v1/models'],
    ['/api/keys', '/api/keys'],
    ['/v1/models/a%2Fb', '/v1/models/a%2Fb'],
    ['/v1/models/models/a', '/v1/models/models/a'],
    ['//v1//models?a=//b?c', '/v1/models?a=//b?c'],
    ['/other', '/other'],
  ])('M-02: %s → %s', (given, wanted) => {
    expect(normalisePath(given)).toBe(wanted);
  });
});
