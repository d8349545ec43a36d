import { dirname, join, relative } from 'node:path';

import { root } from '../setup/setup.ts';
import { holdLock } from './lock-file.ts';

/** A file as one would type it in the project's root. */
export const place = (file: string): string => relative(root, file) || file;

/** Keeps a data folder for this start: two private Redis servers on one destroy each other's data. */
export const holdData = (folder: string, port: number): Promise<AsyncDisposable> =>
  holdLock({
    file: join(folder, 'redis.lock'),
    port,
    subject: `The data folder ${place(folder)}`,
    otherwise: `give this start a folder of its own: put DATA_DIR=${place(folder)}-2 before the command`,
  });

/** Keeps a profile for this start: two browsers that renew the cookies of one sign-in end it. */
export const holdProfile = (file: string, port: number): Promise<AsyncDisposable> =>
  holdLock({
    file: `${file}.lock`,
    port,
    subject: `The profile ${place(file)}`,
    otherwise: `sign in once more for this start: run \`pnpm signin NAME\`, then put AUTH_PROFILE=${place(dirname(file))}/NAME.json before the command`,
  });
