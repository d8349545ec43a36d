import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import {
  accountOf,
  hasSession,
  type Log,
  parseProfile,
  type Profile,
  type ProfileStatus,
  removeUnfinished,
  sessionEndsAt,
  sessionId,
  writeProfile,
} from '@aistudio/core';

import { type ProfileOwner } from './profile-owner.ts';
import { watchProfile } from './profile-watch.ts';
import { type CookieJar, SharedSession } from './shared-session.ts';

/** Rotated cookies are saved this often, ms, after this many requests, and at the end. */
const SAVE_EVERY_MS = 60_000;
const SAVE_EVERY_REQUESTS = 5;
/** So long before the session's cookies expire a person is told, ms; in the log, once a day. */
const WARN_BEFORE_MS = 7 * 24 * 60 * 60_000;
const WARN_AGAIN_MS = 24 * 60 * 60_000;

const NOBODY: Profile = { cookies: [], origins: [] };

/** The worker's sign-in: given to its pages, kept up to date on disk while they use it. */
export interface ProfileKeeper extends AsyncDisposable {
  /** The sign-in as it is now, for a new context; without cookies while nobody is signed in. */
  current(): Promise<Profile>;
  /** Takes in a context that was opened with `profile`. Gives what to call before it is closed. */
  join(jar: CookieJar, profile: Profile): () => Promise<void>;
  /** Saves what was rotated, if anything. */
  save(): Promise<void>;
  /** A request is over: after some of them, what was rotated is saved. */
  countRequest(): void;
  status(): ProfileStatus;
  /** Which account it is, by a name that gives nothing of it away. */
  readonly account: string;
  /** Calls `look` when there is another sign-in: in the file, or because a person saw to it on a page. */
  watch(look: () => void): void;
}

/** What a keeper needs. */
export interface ProfileKeeperOptions {
  /** The profile, which need not be there yet. */
  readonly file: string;
  readonly owner: ProfileOwner;
  /** AUTH_USER */
  readonly authUser: number;
  readonly log: Log;
}

/** Reads the profile and takes it for this worker alone. Throws `not_ready` when another has it. */
export async function openProfileKeeper(options: ProfileKeeperOptions): Promise<ProfileKeeper> {
  const { file, owner, authUser, log } = options;
  const session = new SharedSession(NOBODY);
  const watching = new Set<() => void>();
  let known: string | undefined;
  let unusable: string | undefined;
  let saved = session.profile;
  let present: string | undefined;
  let requests = 0;
  let warnedAt = 0;

  const read = async (): Promise<{ text: string; digest: string } | undefined> => {
    const text = await readFile(file, 'utf8').catch(() => undefined); // none: nobody is signed in
    return text === undefined ? undefined : { text, digest: digestOf(text) };
  };

  /**
   * Takes what the file holds for the sign-in; true unless we knew it. A file that holds no profile, for
   * instance one of which half is written, changes nothing: we go on with what we have.
   */
  const adopt = async (): Promise<boolean> => {
    const found = await read();
    if (found?.digest === known || (found && found.digest === unusable)) return false;
    const profile = found === undefined ? NOBODY : parseOrLog(found.text, file, log);
    unusable = profile ? undefined : found?.digest;
    if (!profile) return false;
    await owner.claim(sessionId(profile));
    session.replace(profile);
    present = sessionId(profile);
    known = found?.digest;
    saved = profile;
    return true;
  };

  const save = async (): Promise<void> => {
    warnInTime();
    await session.collect();
    const { profile } = session;
    if (profile === saved) return;
    await owner.claim(sessionId(profile));
    if ((await read())?.digest !== known) return tellIfAdopted(); // that one is newer
    known = digestOf(await writeProfile(file, profile));
    saved = profile;
    log.debug('profile saved');
    if (sessionId(profile) === present) return;
    present = sessionId(profile);
    tellRenewed();
  };

  const tellIfAdopted = async (): Promise<void> => {
    if (await adopt()) tellRenewed();
  };

  const tellRenewed = (): void => {
    log.info('the profile was renewed', { profile: basename(file) });
    for (const look of watching) look();
  };

  const warnInTime = (): void => {
    const { warning } = status();
    if (warning === undefined || Date.now() - warnedAt < WARN_AGAIN_MS) return;
    warnedAt = Date.now();
    log.warn(warning);
  };

  const status = (): ProfileStatus => {
    const isSignedIn = hasSession(session.profile);
    const name = basename(file, '.json');
    const endsAt = sessionEndsAt(session.profile);
    if (!isSignedIn || endsAt === undefined) return { name, isSignedIn };
    const expiresAt = new Date(endsAt).toISOString();
    if (endsAt - Date.now() > WARN_BEFORE_MS) return { name, isSignedIn, expiresAt };
    const warning = `The sign-in expires on ${expiresAt.slice(0, 10)}. Run \`pnpm signin\` before.`;
    return { name, isSignedIn, expiresAt, warning };
  };

  let last: Promise<void> = Promise.resolve();
  /** One after the other: two that save at once would each take the other's file for a stranger's. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work).catch((error: unknown) => {
      log.error('profile not saved', { error });
    });
    return last;
  };

  await adopt();
  await removeUnfinished(file);
  warnInTime();
  const timer = setInterval(() => void inTurn(save), SAVE_EVERY_MS);
  const watch = watchProfile(file, () => void inTurn(tellIfAdopted));
  return {
    async current() {
      await inTurn(save);
      return session.profile;
    },
    join: (jar, profile) => session.join(jar, profile),
    save: () => inTurn(save),
    countRequest() {
      requests += 1;
      if (requests % SAVE_EVERY_REQUESTS === 0) void inTurn(save);
    },
    status,
    get account() {
      return accountOf(session.profile, authUser);
    },
    watch: (look) => void watching.add(look),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await watch[Symbol.asyncDispose]();
      await inTurn(save);
    },
  };
}

function parseOrLog(text: string, file: string, log: Log): Profile | undefined {
  try {
    return parseProfile(text, file);
  } catch (error) {
    log.error('the profile cannot be used', { reason: error instanceof Error && error.message });
    return undefined;
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
