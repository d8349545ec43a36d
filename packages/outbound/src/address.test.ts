import { describe, expect, it } from '@jest/globals';

import { formatAddress, parseAddress } from './address.ts';

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

  it('is undone by formatAddress', () => {
    for (const text of ['host.example:443', '[::1]:8443', '127.0.0.1:80']) {
      expect(formatAddress(parseAddress(text))).toBe(text);
    }
  });
});
