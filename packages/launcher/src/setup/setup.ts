import { join, resolve } from 'node:path';

import { tellTime } from '../output/terminal.ts';
import { cleanUpAfterApt, type Dependency, howToInstall, installWithApt } from './install.ts';
import { findRedisServer, hasChromium, hasPythonVenv, run } from './programs.ts';

/** The project's root. */
export const root = resolve(import.meta.dirname, '../../../..');

/** The oldest Node we run on, as in package.json's `engines`. */
const OLDEST_NODE = [20, 19] as const;

/** What the set-up must see to. */
export interface SetUpOptions {
  /** CHROMIUM_PATH. */
  readonly chromiumPath: string | undefined;
  /** Whether a Redis of our own is to be started. */
  readonly needsRedis: boolean;
  /** Whether Python is of use, where it can be installed. Default: false. */
  readonly wantsPython?: boolean;
  /** What the commands inherit. */
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * Makes this machine ready: checks Node, installs Chromium and Redis where they are missing and apt
 * is at hand, builds what has changed. Gives the command that starts Redis. Throws an error that
 * says what to run when something must be done by hand.
 */
export async function setUp(options: SetUpOptions): Promise<{ readonly redisServer: string }> {
  requireNode(process.versions.node);
  const { chromiumPath, signal } = options;
  if (chromiumPath !== undefined && !(await hasChromium(chromiumPath))) {
    throw new Error(`CHROMIUM_PATH names ${chromiumPath}, which does not exist.`);
  }
  await cleanUpAfterApt();
  const missing = await findMissing(options);
  const wantsPython = options.wantsPython && !(await hasPythonVenv());
  if (missing.length > 0 || wantsPython) {
    await installWithApt(wantsPython ? [...missing, 'python'] : missing, signal);
    const stillMissing = await findMissing(options);
    if (stillMissing.length > 0) throw new Error(await howToInstall(stillMissing));
  }
  await tellTime('Built', build(options));
  return { redisServer: (await findRedisServer()) ?? 'redis-server' };
}

/** Throws when this Node is older than we support. */
export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new Error(
    `Node ${version} is too old: ${OLDEST_NODE.join('.')} or newer is needed (https://nodejs.org).`,
  );
}

async function findMissing(options: SetUpOptions): Promise<Dependency[]> {
  const missing: Dependency[] = [];
  if (!(await hasChromium(options.chromiumPath))) missing.push('chromium');
  if (options.needsRedis && !(await findRedisServer())) missing.push('redis');
  return missing;
}

/**
 * Builds every package whose sources have changed since it was built. The compiler orders the packages
 * itself, so that no package manager need be on the PATH, and looks in 0.1 s that all is built.
 */
async function build({ environment, signal }: SetUpOptions): Promise<void> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const args = [compiler, '--build', 'tsconfig.build.json'];
  await run(process.execPath, args, { cwd: root, env: environment, signal });
}
