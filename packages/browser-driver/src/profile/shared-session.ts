import { hasSession, type Profile, type ProfileCookie } from '@aistudio/core';

/** The cookies of one browser context. */
export interface CookieJar {
  cookies(): Promise<ProfileCookie[]>;
  addCookies(cookies: readonly ProfileCookie[]): Promise<void>;
}

/** One jar, and what of each cookie it is known to hold. */
interface Member {
  readonly jar: CookieJar;
  readonly seen: Map<string, string>;
}

/** One sign-in that several browser contexts use: what one of them is given, all get. */
export class SharedSession {
  #profile: Profile;
  #members = new Set<Member>();

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  /** The sign-in as it was last collected. */
  get profile(): Profile {
    return this.#profile;
  }

  /** Takes in a context that was opened with `profile`. Gives what to call before it is closed. */
  join(jar: CookieJar, profile: Profile): () => Promise<void> {
    const seen = new Map(profile.cookies.map((cookie) => [keyOf(cookie), stateOf(cookie)]));
    const member = { jar, seen };
    this.#members.add(member);
    return async () => {
      if (!this.#members.has(member)) return;
      this.#merge(await freshIn(member));
      this.#members.delete(member);
    };
  }

  /**
   * Looks what the contexts were given since the last time, and hands it to those that lack it; with
   * anything new `profile` is another object. A context that lost its session is not asked: what the others and the
   * file hold may still be valid.
   */
  async collect(): Promise<void> {
    const members = [...this.#members];
    const fresh = (await Promise.all(members.map(freshIn))).flat();
    this.#merge(fresh);
    await Promise.all(members.map((member) => handOver(member, this.#profile.cookies)));
  }

  /** Another sign-in takes the place of this one; contexts that still have the old one are let go. */
  replace(profile: Profile): void {
    this.#members = new Set();
    this.#profile = profile;
  }

  #merge(fresh: readonly ProfileCookie[]): void {
    if (fresh.length === 0) return;
    const cookies = new Map(this.#profile.cookies.map((cookie) => [keyOf(cookie), cookie]));
    // of two that were renewed meanwhile, the one that lives longer was given later
    for (const cookie of fresh.toSorted((one, other) => one.expires - other.expires)) {
      cookies.set(keyOf(cookie), cookie);
    }
    const now = Date.now() / 1000;
    const alive = [...cookies.values()].filter(({ expires }) => expires <= 0 || expires > now);
    this.#profile = { ...this.#profile, cookies: alive };
  }
}

/** The cookies that are new in this context; from now on they are known. */
async function freshIn({ jar, seen }: Member): Promise<ProfileCookie[]> {
  const cookies = await jar.cookies().catch(() => []); // its browser is gone
  if (!hasSession({ cookies, origins: [] })) return [];
  const fresh = cookies.filter((cookie) => seen.get(keyOf(cookie)) !== stateOf(cookie));
  for (const cookie of fresh) seen.set(keyOf(cookie), stateOf(cookie));
  return fresh;
}

async function handOver({ jar, seen }: Member, cookies: readonly ProfileCookie[]): Promise<void> {
  const lacking = cookies.filter((cookie) => seen.get(keyOf(cookie)) !== stateOf(cookie));
  if (lacking.length === 0) return;
  await jar.addCookies(lacking).catch(() => undefined); // its browser is gone
  for (const cookie of lacking) seen.set(keyOf(cookie), stateOf(cookie));
}

const keyOf = ({ name, domain, path, partitionKey }: ProfileCookie): string =>
  JSON.stringify([name, domain, path, partitionKey]);

const stateOf = ({ value, expires }: ProfileCookie): string => `${Math.round(expires)} ${value}`;
