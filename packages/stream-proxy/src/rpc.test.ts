import { rpcNames } from '@aistudio/wire';
import { describe, expect, it } from '@jest/globals';

import { rpcOf } from './rpc.ts';

const BASE = '/$rpc/google.internal.alkali.applications.makersuite.v1.MakerSuiteService';

describe('rpcOf', () => {
  it('knows the calls by method and path', () => {
    expect(rpcOf('POST', `${BASE}/GenerateContent`)).toBe('GenerateContent');
    expect(rpcOf('POST', `${BASE}/GenerateContent?alt=x`)).toBe('GenerateContent');
    expect(rpcOf('POST', `${BASE}/ListModels`)).toBe('ListModels');
  });

  it.each(['CreateInteractionStream', 'CreateInteraction', 'GetInteractionStream'])(
    'bundle C1: knows %s as a way to ask a model',
    (name) => {
      expect(rpcOf('POST', `${BASE}/${name}`)).toBe(name);
    },
  );

  it('goes by the names that it is given', () => {
    const names = { ...rpcNames, GenerateContent: 'GenerateContentV2' };
    expect(rpcOf('POST', `${BASE}/GenerateContentV2`, names)).toBe('GenerateContent');
    expect(rpcOf('POST', `${BASE}/GenerateContent`, names)).toBeUndefined();
  });

  it('takes nothing else for them', () => {
    expect(rpcOf('OPTIONS', `${BASE}/GenerateContent`)).toBeUndefined();
    expect(rpcOf('POST', `${BASE}/CountTokens`)).toBeUndefined();
    expect(rpcOf('POST', '/_/MakerSuite/jserror?error=/GenerateContent')).toBeUndefined();
    expect(rpcOf('POST', undefined)).toBeUndefined();
  });
});
