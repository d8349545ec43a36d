import { expect, it } from '@jest/globals';

import { maskSecrets } from './mask-secrets.ts';

it.each([
  ['Admin key: sk-abcdefgh_ijkl-mnop', 'Admin key: sk-***'],
  ['connect redis://user:pass%40word@host:6379/0', 'connect redis://***@host:6379/0'],
  ["authorization: 'Bearer abc.def'", "authorization: 'Bearer ***'"],
  ['Cookie: SID=a; HSID=b', 'Cookie: ***'],
  ['key AIzaSyA1234567890abcdefghijk', 'key AIza***'],
  ['Error: port 2048 is in use', 'Error: port 2048 is in use'],
])('masks what looks like a secret in %j', (line, masked) => {
  expect(maskSecrets(line)).toBe(masked);
});
