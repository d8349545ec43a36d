import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { type Config } from './config.ts';
import { type Profile, writeProfile } from './profile.ts';
import { writeWhole } from './write-whole.ts';

/** Holds the name of the active profile. */
const ACTIVE_FILE = 'active';
const SUFFIX = '.json';
/** The profile of a person who gives none a name. */
const DEFAULT_NAME = 'default';

/** How a profile may be called: it becomes a file's name. */
export const ProfileName = z
  .string()
  .regex(/^[a-z0-9][\w.@+-]{0,63}$/i, 'A profile’s name is letters, digits and . _ - @ +');

/** The folder in which profiles are kept, `NAME.json` each, and which of them is active. */
export interface ProfileFolder {
  /** Where the profile of this name is, or would be. Throws when none can be called so. */
  fileOf(name: string): string;
  /** All names, in alphabetical order. */
  list(): Promise<string[]>;
  /** The one that was last chosen, or the only one; `default` while there is none. */
  active(): Promise<string>;
  /** Makes this one active. */
  choose(name: string): Promise<void>;
  /** Saves a profile and makes it active; gives its file. */
  save(name: string, profile: Profile): Promise<string>;
}

/** Opens the folder (AUTH_PROFILES_DIR), which need not be there yet. */
export function openProfileFolder(directory: string): ProfileFolder {
  const fileOf = (name: string): string => {
    const checked = ProfileName.safeParse(name);
    if (checked.success) return join(directory, name + SUFFIX);
    throw new Error(`'${name}': ${checked.error.issues[0]?.message ?? 'no name'}.`);
  };

  const list = async (): Promise<string[]> => {
    const files = await readdir(directory).catch(() => []); // not there: no profiles
    return files
      .filter((file) => file.endsWith(SUFFIX) && !file.startsWith('.'))
      .map((file) => file.slice(0, -SUFFIX.length))
      .toSorted();
  };

  const choose = async (name: string): Promise<void> => {
    if (!(await list()).includes(name)) {
      throw new Error(`There is no profile '${name}'. \`pnpm signin --list\` shows them all.`);
    }
    await writeWhole(join(directory, ACTIVE_FILE), `${name}\n`);
  };

  return {
    fileOf,
    list,
    choose,
    async active() {
      const names = await list();
      const chosen = await readFile(join(directory, ACTIVE_FILE), 'utf8').catch(() => '');
      if (names.includes(chosen.trim())) return chosen.trim();
      return names.length === 1 ? (names[0] ?? DEFAULT_NAME) : DEFAULT_NAME;
    },
    async save(name, profile) {
      const file = fileOf(name);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await chmod(directory, 0o700); // it may have been there with another mode
      await writeProfile(file, profile);
      await choose(name);
      return file;
    },
  };
}

/** The profile to use: the file that AUTH_PROFILE names, else the active one of the folder. */
export async function findProfile(
  given: Pick<Config, 'AUTH_PROFILE' | 'AUTH_PROFILES_DIR'>,
): Promise<string> {
  if (given.AUTH_PROFILE !== undefined) return given.AUTH_PROFILE;
  const folder = openProfileFolder(given.AUTH_PROFILES_DIR);
  return folder.fileOf(await folder.active());
}
