import { describe, expect, it } from '@jest/globals';

import { isRecentRedis } from './programs.ts';
import { requireNode } from './setup.ts';

describe('requireNode', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.21.0'])('takes %s', (version) => {
    expect(() => requireNode(version)).not.toThrow();
  });

  it.each(['18.20.0', '20.18.3'])('refuses %s and says what is needed', (version) => {
    expect(() => requireNode(version)).toThrow('20.19 or newer');
  });
});

describe('isRecentRedis', () => {
  it.each([
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', true],
    ['Redis server v=6.2.0 sha=00000000:0', true],
    ['Valkey server v=8.1.1 sha=00000000:0', true],
    ['Redis server v=6.0.16 sha=00000000:0', false],
    ['', false],
  ])('%s', (version, recent) => {
    expect(isRecentRedis(version)).toBe(recent);
  });
});
