import { join } from 'node:path';

import { type Profile, writeProfile } from '@aistudio/core';

/** Writes a sign-in as the simulator takes it, with a session of this name; gives the file. */
export async function writeSignIn(folder: string, session: string): Promise<string> {
  const file = join(folder, `${session}.json`);
  const cookie: Profile['cookies'][number] = {
    name: 'SID',
    value: session,
    domain: '.google.com',
    path: '/',
    expires: Math.round(Date.now() / 1000) + 90 * 24 * 60 * 60,
    httpOnly: true,
    secure: true,
    sameSite: 'None',
  };
  await writeProfile(file, { cookies: [cookie], origins: [] });
  return file;
}
