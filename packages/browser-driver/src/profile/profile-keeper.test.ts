import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Profile, type ProfileCookie, sessionId, StudioError, writeProfile } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { openProfileKeeper, type ProfileKeeper } from './profile-keeper.ts';
import { type ProfileOwner } from './profile-owner.ts';

const DAY_S = 24 * 60 * 60;
const START_S = Math.round(Date.now() / 1000); // one for all: what is compared has the same times
const inDays = (days: number): number => START_S + days * DAY_S;

function signedIn(session: string, days = 300): Profile {
  const rest = {
    domain: '.google.com',
    path: '/',
    expires: inDays(days),
    httpOnly: true,
    secure: true,
    sameSite: 'None',
  } as const;
  return { cookies: [{ name: 'SID', value: session, ...rest }], origins: [] };
}

class FakeOwner implements ProfileOwner {
  isOwner = true;
  readonly claimed: (string | undefined)[] = [];
  used: string | undefined;

  async claim(session: string | undefined): Promise<void> {
    if (session !== undefined && session === this.used) {
      throw new StudioError('not_ready', 'Another worker uses this sign-in.');
    }
    this.claimed.push(session);
  }
  async [Symbol.asyncDispose](): Promise<void> {}
}

let folder: string;
let file: string;
let owner: FakeOwner;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aistudio-keeper-'));
  file = join(folder, 'work.json');
  owner = new FakeOwner();
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (): Promise<ProfileKeeper> =>
  openProfileKeeper({ file, owner, authUser: 0, log: silentLog });
const onDisk = (): Profile => Profile.parse(JSON.parse(readFileSync(file, 'utf8')));

/** A page's cookies, which the test changes. */
function jarOf(profile: Profile): { held: ProfileCookie[] } & Parameters<ProfileKeeper['join']>[0] {
  const jar = {
    held: [...profile.cookies],
    cookies: () => Promise.resolve(jar.held),
    addCookies: () => Promise.resolve(),
  };
  return jar;
}
const rotated = (value: string): ProfileCookie => ({
  ...signedIn('').cookies[0]!,
  name: 'SIDCC',
  value,
});

describe('the keeper of the profile', () => {
  it('saves rotated cookies after some requests, and what is left at the end', async () => {
    await writeProfile(file, signedIn('a'));
    const keeper = await open();
    const profile = await keeper.current();
    const jar = jarOf(profile);
    const leave = keeper.join(jar, profile);
    jar.held = [...jar.held, rotated('1')];
    for (let count = 0; count < 5; count++) keeper.countRequest();
    await keeper.save(); // comes after that of the fifth request, and finds nothing to do
    expect(onDisk().cookies).toContainEqual(rotated('1'));
    jar.held = [...profile.cookies, rotated('2')];
    await leave(); // its page is closed before
    await keeper[Symbol.asyncDispose]();
    expect(onDisk().cookies).toContainEqual(rotated('2'));
  });

  it('never overwrites a sign-in that somebody else has put there', async () => {
    await writeProfile(file, signedIn('a'));
    await using keeper = await open();
    let renewals = 0;
    keeper.watch(() => renewals++);
    const profile = await keeper.current();
    const jar = jarOf(profile);
    keeper.join(jar, profile);
    jar.held = [...jar.held, rotated('of the old one')];
    await writeProfile(file, signedIn('b'));
    await keeper.save();
    expect(onDisk()).toEqual(signedIn('b'));
    expect(await keeper.current()).toEqual(signedIn('b'));
    expect(renewals).toBe(1);
    expect(owner.claimed.at(-1)).toBe(sessionId(signedIn('b')));
  });

  it('keeps what a person signs in to on a page', async () => {
    await using keeper = await open();
    let renewals = 0;
    keeper.watch(() => renewals++);
    const profile = await keeper.current();
    expect(keeper.status()).toEqual({ name: 'work', isSignedIn: false });
    const jar = jarOf(profile);
    keeper.join(jar, profile);
    jar.held = signedIn('by hand').cookies;
    await keeper.save();
    expect(onDisk()).toEqual(signedIn('by hand'));
    expect([keeper.status().isSignedIn, renewals]).toEqual([true, 1]);
  });

  it('refuses a sign-in that another worker uses', async () => {
    await writeProfile(file, signedIn('a'));
    owner.used = sessionId(signedIn('a'));
    await expect(open()).rejects.toThrow(/Another worker/);
  });

  it('warns before the session’s cookies expire', async () => {
    await writeProfile(file, signedIn('a', 3));
    await using keeper = await open();
    expect(keeper.status().warning).toMatch(/expires on \d{4}-\d\d-\d\d.*pnpm signin/);
  });

  it('keeps the sign-in it has while the file holds half of another, and takes the whole one', async () => {
    await writeProfile(file, signedIn('good'));
    await using keeper = await open();
    const renewed = new Promise<void>((resolve) => keeper.watch(resolve));
    const next = JSON.stringify(signedIn('next'));
    writeFileSync(file, next.slice(0, next.length / 2));
    await keeper.save();
    expect(sessionId(await keeper.current())).toBe(sessionId(signedIn('good')));
    expect(readFileSync(file, 'utf8')).toBe(next.slice(0, next.length / 2));
    writeFileSync(file, next);
    await renewed;
    expect(sessionId(await keeper.current())).toBe(sessionId(signedIn('next')));
  });

  it('takes what is no sign-in for none', async () => {
    writeFileSync(file, '{"cook');
    await using keeper = await open();
    expect(await keeper.current()).toEqual({ cookies: [], origins: [] });
    expect(keeper.status().isSignedIn).toBe(false);
  });
});
