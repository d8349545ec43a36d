import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

import {
  type Config,
  loadConfig,
  openProfileFolder,
  parseProfile,
  type ProfileFolder,
  readEnvironment,
  readProfile,
  sessionEndsAt,
  writeProfile,
} from '@aistudio/core';

import { print, tell } from '../output/terminal.ts';
import { requireDisplay } from '../setup/display.ts';
import { toDate } from '../setup/profiles.ts';
import { root, setUp } from '../setup/setup.ts';
import { runDriverProgram } from '../supervisor/driver-program.ts';
import { watchForStop } from '../supervisor/stop-signal.ts';

const USAGE = `Usage: pnpm signin [NAME]              sign in in a browser window, and save that as a profile
       pnpm signin --list              all profiles, * is the active one
       pnpm signin --use NAME          make a profile the active one
       pnpm signin --export [NAME] [--to FILE]   one file to take to another machine (-: stdout)
       pnpm signin --import FILE [NAME]          the other end of it (-: stdin)`;

const NO_DISPLAY = `Sign in on a machine that has one, and bring the profile over:
  there  pnpm signin && pnpm signin --export --to profile.json
  here   pnpm signin --import profile.json   (then delete the file on both: it is as good as a password)`;

async function main(): Promise<number> {
  const { values, name } = readArguments();
  const environment = readEnvironment(join(root, '.env'));
  const config = loadConfig(environment);
  const folder = openProfileFolder(resolve(root, config.AUTH_PROFILES_DIR));
  if (values.list) return list(folder);
  if (values.use !== undefined) {
    await folder.choose(values.use);
    print(
      `'${values.use}' is the active profile now. A running \`pnpm start\` takes it up when it is started anew.`,
    );
    return 0;
  }
  const chosen = name ?? (await folder.active());
  if (values.export) return exportProfile(folder, chosen, values.to);
  if (values.import !== undefined) return importProfile(folder, chosen, values.import);
  return signIn(chosen, config, environment);
}

function readArguments(): {
  values: { list?: boolean; use?: string; export?: boolean; to?: string; import?: string };
  name: string | undefined;
} {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        list: { type: 'boolean' },
        use: { type: 'string' },
        export: { type: 'boolean' },
        to: { type: 'string' },
        import: { type: 'string' },
      },
    });
    const { list: l, use, export: e, import: i, to } = values;
    const asked = [l, use !== undefined, e, i !== undefined].filter(Boolean).length;
    if (asked > 1 || positionals.length > 1 || (to !== undefined && !e)) throw new Error('');
    return { values, name: positionals[0] };
  } catch (error) {
    const why = error instanceof Error && error.message ? `${error.message}\n` : '';
    throw new Error(why + USAGE, { cause: error });
  }
}

async function signIn(
  name: string,
  config: Config,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  requireDisplay(environment, process.platform, NO_DISPLAY);
  const signal = await watchForStop();
  await setUp({ chromiumPath: config.CHROMIUM_PATH, needsRedis: false, environment, signal });
  return runDriverProgram('sign-in', [name], { environment, signal });
}

async function list(folder: ProfileFolder): Promise<number> {
  const names = await folder.list();
  if (names.length === 0) print('There are no profiles yet. Run: pnpm signin');
  const active = await folder.active();
  for (const name of names) {
    const state = await readProfile(folder.fileOf(name)).then(
      (profile) => {
        const endsAt = profile && sessionEndsAt(profile);
        return endsAt === undefined ? 'signed in' : `signed in until ${toDate(endsAt)}`;
      },
      () => 'not usable: run `pnpm signin` with this name',
    );
    print(`${name === active ? '*' : ' '} ${name.padEnd(20)} ${state}`);
  }
  return 0;
}

async function exportProfile(
  folder: ProfileFolder,
  name: string,
  to = `${name}.profile.json`,
): Promise<number> {
  const profile = await readProfile(folder.fileOf(name));
  if (!profile) throw new Error(`There is no profile '${name}' to export. Run: pnpm signin`);
  if (to === '-') print(JSON.stringify(profile));
  else await writeProfile(resolve(to), profile);
  const where = to === '-' ? 'what was printed' : to;
  tell(`Whoever has ${where} is signed in as you. One profile serves one machine at a time.`);
  return 0;
}

async function importProfile(folder: ProfileFolder, name: string, from: string): Promise<number> {
  const content = from === '-' ? await text(process.stdin) : await readFile(resolve(from), 'utf8');
  const file = await folder.save(name, parseProfile(content, from));
  print(`The profile '${name}' is saved and active (${file}). Next: pnpm start`);
  return 0;
}

process.exitCode = await main().catch((error: unknown) => {
  tell(error instanceof Error ? error.message : String(error));
  return 1;
});
