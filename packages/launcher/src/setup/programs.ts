import { execFile, type ExecFileOptions } from 'node:child_process';
import { existsSync } from 'node:fs';

import { SYSTEM_BROWSERS } from '@aistudio/core';

/** How much of a failed command's output goes into the message, characters. */
const LAST_WORDS = 4000;

/**
 * Runs a command to its end and gives what it printed. Throws when it fails or does not exist; the
 * message ends in what it printed.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const limits = { maxBuffer: 64 * 1024 * 1024, encoding: 'utf8' as const };
    execFile(command, args, { ...limits, ...options }, (cause, stdout, stderr) => {
      if (!cause) return resolve(String(stdout));
      if (options.signal?.aborted) return reject(options.signal.reason);
      const lastWords = (String(stdout) + String(stderr)).slice(-LAST_WORDS);
      return reject(new Error(`${command} failed.\n${lastWords}`.trim(), { cause }));
    });
  });
}

/**
 * Whether there is a browser that browser-driver will find. `chromiumPath` is CHROMIUM_PATH, which
 * rules out every other. Playwright is asked last: loading it takes half a second.
 */
export async function hasChromium(chromiumPath: string | undefined): Promise<boolean> {
  if (chromiumPath !== undefined) return existsSync(chromiumPath);
  if (SYSTEM_BROWSERS.some((file) => existsSync(file))) return true;
  const { chromium } = await import('playwright');
  return existsSync(chromium.executablePath());
}

/** The command of an installed Redis or Valkey, 6.2 or newer. */
export async function findRedisServer(): Promise<string | undefined> {
  for (const command of ['redis-server', 'valkey-server']) {
    const version = await run(command, ['--version']).catch(() => '');
    if (isRecentRedis(version)) return command;
  }
  return undefined;
}

/** Whether what `redis-server --version` printed names version 6.2 or a newer one. */
export function isRecentRedis(version: string): boolean {
  const [, major = 0, minor = 0] = /\bv=(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 6 || (Number(major) === 6 && Number(minor) >= 2);
}

/** Whether there is a Python that can make virtual environments: Debian has the two apart. */
export async function hasPythonVenv(): Promise<boolean> {
  return run('python3', ['-c', 'import ensurepip, venv']).then(
    () => true,
    () => false,
  );
}

/** Whether a command exists and can say its version. */
export async function hasCommand(command: string): Promise<boolean> {
  return run(command, ['--version']).then(
    () => true,
    () => false,
  );
}
