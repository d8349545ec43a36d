import { type Profile, type ProfileCookie } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { type CookieJar, SharedSession } from './shared-session.ts';

const IN_A_YEAR = Math.round(Date.now() / 1000) + 365 * 24 * 60 * 60;

function cookie(name: string, value: string, expires = IN_A_YEAR): ProfileCookie {
  return {
    name,
    value,
    expires,
    domain: '.google.com',
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'None',
  };
}

/** A browser context's cookies. */
class FakeJar implements CookieJar {
  held: ProfileCookie[];

  constructor(profile: Profile) {
    this.held = [...profile.cookies];
  }

  cookies = async (): Promise<ProfileCookie[]> => [...this.held];
  addCookies = async (cookies: readonly ProfileCookie[]): Promise<void> => {
    for (const given of cookies) {
      this.held = [...this.held.filter(({ name }) => name !== given.name), given];
    }
  };
  valueOf(name: string): string | undefined {
    return this.held.find((held) => held.name === name)?.value;
  }
}

const START: Profile = { cookies: [cookie('SID', 's'), cookie('SIDCC', 'old')], origins: [] };

function open(count: number): {
  session: SharedSession;
  jars: FakeJar[];
  leave: (() => Promise<void>)[];
} {
  const session = new SharedSession(START);
  const jars = Array.from({ length: count }, () => new FakeJar(START));
  return { session, jars, leave: jars.map((jar) => session.join(jar, START)) };
}
const valueIn = ({ cookies }: Profile, wanted: string): string | undefined =>
  cookies.find(({ name }) => name === wanted)?.value;

describe('a shared session', () => {
  it('hands what one context was given to the others, once', async () => {
    const { session, jars } = open(3);
    await session.collect();
    expect(session.profile).toBe(START);
    await jars[1]!.addCookies([cookie('SIDCC', 'new')]);
    await session.collect();
    expect(jars.map((jar) => jar.valueOf('SIDCC'))).toEqual(['new', 'new', 'new']);
    expect(valueIn(session.profile, 'SIDCC')).toBe('new');
    const { profile } = session;
    await session.collect();
    expect(session.profile).toBe(profile);
  });

  it('takes the later of two that were renewed meanwhile', async () => {
    const { session, jars } = open(2);
    await jars[0]!.addCookies([cookie('SIDCC', 'later', IN_A_YEAR + 60)]);
    await jars[1]!.addCookies([cookie('SIDCC', 'earlier', IN_A_YEAR + 30)]);
    await session.collect();
    expect(jars.map((jar) => jar.valueOf('SIDCC'))).toEqual(['later', 'later']);
  });

  it('keeps the session when a context has lost it, and asks that one no more', async () => {
    const { session, jars } = open(2);
    jars[0]!.held = [cookie('SIDCC', 'signed out')];
    await session.collect();
    expect(session.profile).toBe(START);
  });

  it('keeps what a context was given last before it closed', async () => {
    const { session, jars, leave } = open(1);
    await jars[0]!.addCookies([cookie('SIDCC', 'last')]);
    await leave[0]!();
    expect(valueIn(session.profile, 'SIDCC')).toBe('last');
  });

  it('takes nothing from contexts of an earlier sign-in', async () => {
    const { session, jars, leave } = open(1);
    const other = { cookies: [cookie('SID', 'other')], origins: [] };
    session.replace(other);
    await jars[0]!.addCookies([cookie('SIDCC', 'of the old one')]);
    await session.collect();
    await leave[0]!();
    expect(session.profile).toBe(other);
  });

  it('survives a context whose browser is gone, and drops what has expired', async () => {
    const { session, jars } = open(2);
    jars[0]!.cookies = () => Promise.reject(new Error('closed'));
    await jars[1]!.addCookies([cookie('SIDCC', 'stale', 1), cookie('NID', 'n')]);
    await session.collect();
    expect(valueIn(session.profile, 'SIDCC')).toBeUndefined();
    expect(valueIn(session.profile, 'NID')).toBe('n');
  });
});
