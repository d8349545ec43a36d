import { describe, expect, it } from '@jest/globals';

import { createUpstream, parseAddress } from './upstream.ts';

describe('parseAddress', () => {
  it('reads names and addresses', () => {
    expect(parseAddress('Host.Example:443')).toEqual({ host: 'host.example', port: 443 });
    expect(parseAddress('[::1]:8443')).toEqual({ host: '::1', port: 8443 });
  });

  it.each(['', 'host', 'host:', ':443', 'host:99999', 'a b:1', 'user@host:1', '::1:443', 'h:4x'])(
    'refuses %p',
    (authority) => {
      expect(() => parseAddress(authority)).toThrow(/not host:port/);
    },
  );
});

describe('createUpstream', () => {
  it('connects elsewhere only where it is told to', () => {
    using upstream = createUpstream({ resolve: { 'a.example:443': '127.0.0.1:8443' } });
    expect(upstream.addressOf({ host: 'A.example', port: 443 })).toEqual({
      host: '127.0.0.1',
      port: 8443,
    });
    expect(upstream.addressOf({ host: 'a.example', port: 80 })).toEqual({
      host: 'a.example',
      port: 80,
    });
  });
});
