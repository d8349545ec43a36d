import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import {
  checkEnvironmentFile,
  type Config,
  createLogger,
  findProfile,
  loadConfig,
  readEnvironment,
  readProfile,
} from '@aistudio/core';

import { DEFAULT_LOG_FILE } from '../output/log-entry.ts';
import { toStartTable } from '../output/start-table.ts';
import { print, tell, tellTime } from '../output/terminal.ts';
import { requireRecentRedis } from '../redis/redis-version.ts';
import { requireDisplay } from '../setup/display.ts';
import { requireFreePorts } from '../setup/ports.ts';
import { requireProfile } from '../setup/profiles.ts';
import { root, setUp } from '../setup/setup.ts';
import { ProcessGroup } from '../supervisor/process-group.ts';
import { holdData, holdProfile, place } from '../supervisor/start-locks.ts';
import { startSystem } from '../supervisor/start-stack.ts';
import { untilAborted, watchForStop } from '../supervisor/stop-signal.ts';

const USAGE = `Usage: pnpm start [--debug]
  --debug  shows the browser window, to watch, and to sign in again in it`;

async function main(): Promise<void> {
  const isDebug = readMode();
  const signal = await watchForStop();
  const given = readEnvironment(join(root, '.env'));
  for (const advice of checkEnvironmentFile(join(root, '.env'))) tell(advice);
  const config = inRoot(loadConfig(given));
  const needsRedis = config.REDIS_URL === undefined;
  const profile = await findUsableProfile(config, isDebug);
  if (isDebug) requireDisplay(given, process.platform, 'Leave out --debug.');
  await using locks = new ProcessGroup(signal);
  if (needsRedis) await locks.start(() => holdData(config.DATA_DIR, config.PORT));
  await locks.start(() => holdProfile(profile, config.PORT));
  await requireFreePorts([
    { setting: 'PORT', host: config.HOST, port: config.PORT },
    { setting: 'STREAM_PORT', host: config.STREAM_HOST, port: config.STREAM_PORT },
  ]);
  const { CHROMIUM_PATH: chromiumPath, REDIS_URL } = config;
  if (REDIS_URL !== undefined) await requireRecentRedis(REDIS_URL);
  const environment = {
    ...given,
    AUTH_PROFILE: profile,
    CERTS_DIR: config.CERTS_DIR,
    ERRORS_DIR: config.ERRORS_DIR,
    ...(isDebug ? { HEADLESS: 'false' } : {}),
  };
  const { redisServer } = await setUp({ chromiumPath, needsRedis, environment, signal });

  const logFile = resolve(root, config.LOG_FILE ?? DEFAULT_LOG_FILE);
  const mergedLog = createLogger(undefined, {
    level: config.LOG_LEVEL,
    format: config.LOG_FORMAT,
    file: logFile,
  });
  const redisFolder = join(config.DATA_DIR, 'redis');
  const start = startSystem({
    config,
    environment,
    redisServer,
    redisFolder,
    signal,
    log: mergedLog.child({ process: 'launcher' }),
    mergedLog,
  });
  await using system = await tellTime('Started', start);
  const { apiUrl, blockedBy } = system;
  print(
    await toStartTable({
      config,
      apiUrl,
      profileFile: place(profile),
      profile: await readProfile(profile).catch(() => undefined), // told below
      redis: needsRedis ? `private, its data in ${place(redisFolder)}` : 'that of REDIS_URL',
      logFile: place(logFile),
    }),
  );
  if (blockedBy?.needsSignIn) {
    const where = isDebug ? 'in the browser window' : 'with `pnpm signin`';
    print(`\n${blockedBy.reason}: do so ${where}. Until then requests fail (not_signed_in).`);
  } else if (blockedBy) print(`\nNot ready yet, and trying on. ${blockedBy.reason}`);
  else print('\nReady.');
  await untilAborted(signal);
  tell(
    `Stopping. What runs has ${config.SHUTDOWN_GRACE_MS / 1000} s to end; what waits is told to ask again.`,
  );
}

function readMode(): boolean {
  try {
    const { values } = parseArgs({ options: { debug: { type: 'boolean' } } });
    return values.debug ?? false;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : ''}\n${USAGE}`, { cause: error });
  }
}

/** Relative names of folders are meant from the project's root, wherever one starts it. */
function inRoot(config: Config): Config {
  const { CERTS_DIR, ERRORS_DIR, DATA_DIR, AUTH_PROFILES_DIR } = config;
  return {
    ...config,
    CERTS_DIR: resolve(root, CERTS_DIR),
    ERRORS_DIR: resolve(root, ERRORS_DIR),
    DATA_DIR: resolve(root, DATA_DIR),
    AUTH_PROFILES_DIR: resolve(root, AUTH_PROFILES_DIR),
  };
}

/** The profile's file. Where a person sees the page it need not be there yet: they sign in there. */
async function findUsableProfile(config: Config, isDebug: boolean): Promise<string> {
  if (!isDebug) return resolve((await requireProfile(config)).file);
  const file = resolve(await findProfile(config));
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  return file;
}

await main().catch((error: unknown) => {
  tell(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
