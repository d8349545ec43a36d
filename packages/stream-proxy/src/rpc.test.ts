import { describe, expect, it } from '@jest/globals';

import { rpcOf } from './rpc.ts';

const BASE = '/$rpc/google.internal.alkali.applications.makersuite.v1.MakerSuiteService';

describe('rpcOf', () => {
  it('knows the calls by method and path', () => {
    expect(rpcOf('POST', `${BASE}/GenerateContent`)).toBe('GenerateContent');
    expect(rpcOf('POST', `${BASE}/GenerateContent?alt=x`)).toBe('GenerateContent');
    expect(rpcOf('POST', `${BASE}/ListModels`)).toBe('ListModels');
  });

  it('takes nothing else for them', () => {
    expect(rpcOf('OPTIONS', `${BASE}/GenerateContent`)).toBeUndefined();
    expect(rpcOf('POST', `${BASE}/CountTokens`)).toBeUndefined();
    expect(rpcOf('POST', '/_/MakerSuite/jserror?error=/GenerateContent')).toBeUndefined();
    expect(rpcOf('POST', undefined)).toBeUndefined();
  });
});
