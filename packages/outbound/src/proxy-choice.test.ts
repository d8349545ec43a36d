import { describe, expect, it } from '@jest/globals';

import { parseAddress } from './address.ts';
import { chooseProxy, toProxySettings } from './proxy-choice.ts';

const httpsProxy = new URL('http://secure.test:1');
const httpProxy = new URL('http://plain.test:1');

const isProxied = (target: string, ...noProxy: string[]): boolean =>
  chooseProxy({ httpsProxy, httpProxy, noProxy }, parseAddress(target), true) !== undefined;

describe('the proxy to a host', () => {
  it('is one for what is encrypted and one for what is not, or one for all', () => {
    const target = parseAddress('a.test:443');
    const settings = { httpsProxy, httpProxy, noProxy: [] };
    expect(chooseProxy(settings, target, true)).toBe(httpsProxy);
    expect(chooseProxy(settings, target, false)).toBe(httpProxy);
    const UNIFIED_PROXY_CONFIG = new URL('socks5://one.test:1');
    expect(
      toProxySettings({
        UNIFIED_PROXY_CONFIG,
        HTTPS_PROXY: httpsProxy,
        HTTP_PROXY: httpProxy,
        NO_PROXY: [],
      }),
    ).toEqual({ httpsProxy: UNIFIED_PROXY_CONFIG, httpProxy: UNIFIED_PROXY_CONFIG, noProxy: [] });
  });

  it.each(['localhost:1', 'a.localhost:1', '127.0.0.1:1', '127.9.9.9:1', '[::1]:1'])(
    'is never one to this machine: %s',
    (target) => {
      expect(isProxied(target)).toBe(false);
    },
  );

  it.each([
    ['*', 'a.test:443'],
    ['a.test', 'A.test:443'],
    ['a.test', 'b.a.test:443'],
    ['.a.test', 'b.a.test:443'],
    ['*.a.test', 'b.a.test:443'],
    ['a.test:443', 'a.test:443'],
    ['10.0.0.0/8', '10.1.2.3:443'],
    ['10.1.2.3', '10.1.2.3:443'],
    ['fd00::/8', '[fd12::1]:443'],
    ['fd12::1', '[fd12:0::1]:443'],
    ['[fd12::1]:443', '[fd12::1]:443'],
  ])('is none where NO_PROXY says %s: %s', (entry, target) => {
    expect(isProxied(target, 'other.test', entry)).toBe(false);
  });

  it.each([
    ['a.test', 'ba.test:443'],
    ['.a.test', 'a.test:443'],
    ['a.test:80', 'a.test:443'],
    ['10.0.0.0/8', '11.1.2.3:443'],
    ['10.0.0.0/8', '[fd12::1]:443'],
    ['', 'a.test:443'],
    ['not an entry:', 'a.test:443'],
  ])('stays where NO_PROXY says %j: %s', (entry, target) => {
    expect(isProxied(target, entry)).toBe(true);
  });
});
