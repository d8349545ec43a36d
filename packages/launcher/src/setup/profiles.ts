import { findProfile, type Config, type Profile, readProfile } from '@aistudio/core';

/** A profile and where it is kept. */
export interface FoundProfile {
  readonly file: string;
  readonly profile: Profile;
}

/** The profile that the system would use. Throws one line that says what to do when there is none. */
export async function requireProfile(
  config: Pick<Config, 'AUTH_PROFILE' | 'AUTH_PROFILES_DIR'>,
): Promise<FoundProfile> {
  const file = await findProfile(config);
  const profile = await readProfile(file);
  if (profile) return { file, profile };
  if (config.AUTH_PROFILE === undefined) {
    throw new Error('Nobody is signed in to Google AI Studio yet. Run: pnpm signin');
  }
  throw new Error(`AUTH_PROFILE names ${file}, which does not exist. Run \`pnpm signin\`.`);
}

/** `2026-11-22` of epoch ms. */
export function toDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
