import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { types } from 'node:util';

import { z } from 'zod';

import { StudioError } from './errors.ts';
import { writeWhole } from './write-whole.ts';

/** One cookie, as Playwright keeps it. `expires` is in epoch seconds; -1: with the browser. */
export const ProfileCookie = z.object({
  name: z.string().min(1),
  value: z.string(),
  domain: z.string().min(1),
  path: z.string(),
  expires: z.number(),
  httpOnly: z.boolean(),
  secure: z.boolean(),
  sameSite: z.enum(['Strict', 'Lax', 'None']),
  partitionKey: z.string().exactOptional(),
});
export type ProfileCookie = z.infer<typeof ProfileCookie>;

/** A sign-in as it is saved: Playwright's storage state. Everything in it is secret. */
export const Profile = z.object({
  cookies: z.array(ProfileCookie),
  origins: z
    .array(
      z.object({
        origin: z.string(),
        localStorage: z.array(z.object({ name: z.string(), value: z.string() })),
      }),
    )
    .default([]),
});
export type Profile = z.infer<typeof Profile>;

/** The cookies without which Google asks to sign in again. */
const SESSION_COOKIES: ReadonlySet<string> = new Set(['SID', '__Secure-1PSID', '__Secure-3PSID']);

/** The cookies of a profile that make it a sign-in to Google. */
function sessionOf({ cookies }: Profile): ProfileCookie[] {
  return cookies.filter(
    ({ name, domain, value }) =>
      SESSION_COOKIES.has(name) && /(^|\.)google\.com$/.test(domain) && value !== '',
  );
}

/** Whether the profile is a sign-in to Google whose cookies have not expired. `now`: epoch ms. */
export function hasSession(profile: Profile, now = Date.now()): boolean {
  const endsAt = sessionEndsAt(profile);
  return sessionOf(profile).length > 0 && (endsAt === undefined || endsAt > now);
}

/** When the first of the session's cookies expires, epoch ms; undefined: no such date is known. */
export function sessionEndsAt(profile: Profile): number | undefined {
  const ends = sessionOf(profile).flatMap(({ expires }) => (expires > 0 ? [expires * 1000] : []));
  return ends.length > 0 ? Math.min(...ends) : undefined;
}

/**
 * What tells one sign-in from another, without giving anything of it away; a copy of a profile has
 * the same. Undefined: nobody is signed in.
 */
export function sessionId(profile: Profile): string | undefined {
  const [first] = sessionOf(profile)
    .map(({ name, value }) => `${name}=${value}`)
    .toSorted();
  return first && createHash('sha256').update(first).digest('hex').slice(0, 32);
}

/**
 * The name of a sign-in's account (the one with this AUTH_USER) among all accounts. It gives nothing of
 * it away, and changes with a new sign-in. All who are not signed in have one name.
 */
export function accountOf(profile: Profile, authUser: number): string {
  const session = sessionId(profile);
  if (session === undefined) return 'none';
  return createHash('sha256').update(`${session}/${authUser}`).digest('hex').slice(0, 16);
}

/** Makes sure that `text` is a saved sign-in. Throws `not_signed_in`; `source` names it in the message. */
export function parseProfile(text: string, source: string): Profile {
  const unusable = (why: string): StudioError =>
    new StudioError('not_signed_in', `${source} ${why}. Run \`pnpm signin\`.`);
  let profile: Profile;
  try {
    profile = Profile.parse(JSON.parse(text));
  } catch {
    throw unusable('is not a saved sign-in'); // the cause would quote it
  }
  if (!hasSession(profile)) throw unusable('holds no sign-in to Google, or one that has expired');
  return profile;
}

/** Reads a saved sign-in; undefined when there is no such file. Throws `not_signed_in` when it is none. */
export async function readProfile(file: string): Promise<Profile | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (types.isNativeError(error) && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return parseProfile(text, file);
}

/** Saves a sign-in: mode 0600, and never half of it. Gives what it wrote. */
export async function writeProfile(file: string, profile: Profile): Promise<string> {
  const text = `${JSON.stringify(profile, undefined, 2)}\n`;
  await writeWhole(file, text);
  return text;
}
