import { describe, expect, it } from '@jest/globals';

import { parsePagePack } from './page-pack.ts';

const parse = (pack: object): unknown =>
  parsePagePack(JSON.stringify({ version: 1, name: 'a', ...pack }));

describe('parsePagePack', () => {
  it('reads a file of three lines', () => {
    const pack = { selectors: { openRunSettings: ['button.settings'] } };
    expect(parse(pack)).toEqual({ version: 1, name: 'a', ...pack });
  });

  it('takes CSS alone as such, which elements inside others are found by', () => {
    const selectors = { turn: [{ css: 'ms-turn' }, { css: 'div', name: '^turn' }] };
    expect(parse({ selectors })).toMatchObject({
      selectors: { turn: ['ms-turn', { css: 'div', name: '^turn' }] },
    });
  });

  it.each<[string, object, string]>([
    ['another version', { version: 2 }, 'version: must be 1'],
    ['no name', { name: undefined }, 'name: '],
    ['a misspelt part', { selector: {} }, 'the file: Unrecognized key: "selector"'],
    ['a list that is none', { selectors: { turn: 'a' } }, 'selectors.turn: '],
    ['an empty list', { selectors: { turn: [] } }, 'selectors.turn: '],
    ['a way without CSS', { selectors: { turn: [{ name: 'a' }] } }, 'selectors.turn.0: neither'],
    [
      'a bad pattern',
      { selectors: { turn: [{ css: 'a', name: '(' }] } },
      'selectors.turn.0: name: not a regular expression',
    ],
    [
      'an unknown meaning',
      { texts: { en: { complaints: [{ words: 'a', code: 'bad' }] } } },
      'texts.en.complaints.0.code: ',
    ],
    ['a negative position', { positions: { part: { text: -1 } } }, 'positions.part.text: '],
    [
      'a host of somebody else',
      { hosts: { rpc: ['example.org'] } },
      'hosts.rpc.0: not a host of google.com',
    ],
    [
      'a host that only ends alike',
      { hosts: { rpc: ['evilgoogle.com'] } },
      'hosts.rpc.0: not a host of google.com',
    ],
    [
      'the host of the sign-in',
      { hosts: { rpc: ['accounts.google.com'] } },
      'hosts.rpc.0: the sign-in is never read',
    ],
  ])('names the place of %s', (_what, pack, message) => {
    expect(() => parse(pack)).toThrow(message);
  });

  it('says when a file is not JSON', () => {
    expect(() => parsePagePack('{"version": 1,')).toThrow('not JSON (');
  });
});
