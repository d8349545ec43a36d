import { describe, expect, it } from '@jest/globals';

import { hasSession, parseProfile, type Profile, sessionEndsAt, sessionId } from './profile.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const START_MS = Date.now(); // one for all: what is compared has the same times
const inDays = (days: number): number => Math.round((START_MS + days * DAY_MS) / 1000);

function signedIn(value = 'secret', days = 30): Profile {
  const common = { domain: '.google.com', path: '/', httpOnly: true, secure: true } as const;
  const cookie = (name: string, expires: number): Profile['cookies'][number] => ({
    ...common,
    name,
    value,
    expires,
    sameSite: 'None',
  });
  return {
    cookies: [cookie('NID', inDays(1)), cookie('SID', inDays(days)), cookie('__Secure-1PSID', -1)],
    origins: [],
  };
}

describe('a profile', () => {
  it('is a sign-in until the first of its session’s cookies expires', () => {
    expect(hasSession(signedIn())).toBe(true);
    expect(hasSession(signedIn('secret', -1))).toBe(false);
    expect(hasSession({ cookies: signedIn().cookies.slice(0, 1), origins: [] })).toBe(false);
    expect(sessionEndsAt(signedIn('secret', 5))).toBe(inDays(5) * 1000);
  });

  it('has an id that copies share, and that gives nothing away', () => {
    expect(sessionId(signedIn())).toBe(sessionId(signedIn('secret', 99)));
    expect(sessionId(signedIn())).not.toBe(sessionId(signedIn('other')));
    expect(sessionId(signedIn())).not.toContain('secret');
    expect(sessionId({ cookies: [], origins: [] })).toBeUndefined();
  });

  it('refuses garbage, other people’s JSON and what has expired, without quoting it', () => {
    const expired = JSON.stringify(signedIn('secret', -1));
    for (const text of ['', '{"cook', '{"cookies":[]}', '{"cookies":"secret"}', expired]) {
      expect(() => parseProfile(text, 'a.json')).toThrow(/^a\.json (is not|holds no).*pnpm signin/);
      expect(() => parseProfile(text, 'a.json')).not.toThrow(/secret/);
    }
    expect(parseProfile(JSON.stringify(signedIn()), 'a.json').cookies).toHaveLength(3);
  });
});
