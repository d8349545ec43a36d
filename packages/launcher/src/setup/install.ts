import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline/promises';

import { z } from 'zod';

import { tell, tellTime } from '../output/terminal.ts';
import { readStart } from '../supervisor/process-identity.ts';
import { APT_PATH, APT_SCRIPT, POLICY_FILE, removeLeftPolicy } from './apt-script.ts';
import { hasCommand, run } from './programs.ts';

/** What may be missing on a machine. */
export type Dependency = 'chromium' | 'redis';
/** What apt installs for us. Python runs examples of the documentation in the tests, nothing else. */
export type AptItem = Dependency | 'python';

const APT_PACKAGES: Record<AptItem, string> = {
  chromium: 'chromium',
  redis: 'redis-server',
  python: 'python3-venv',
};

const NAMES: Record<Dependency, string> = {
  chromium: 'Chromium',
  redis: 'Redis or Valkey, 6.2 or newer',
};

/** How each package manager installs what we need. */
const INSTALL: Record<string, Record<Dependency, string>> = {
  'apt-get': {
    chromium: 'sudo apt-get install --no-install-recommends chromium',
    redis: 'sudo apt-get install --no-install-recommends redis-server',
  },
  dnf: { chromium: 'sudo dnf install chromium', redis: 'sudo dnf install valkey' },
  pacman: { chromium: 'sudo pacman -S chromium', redis: 'sudo pacman -S valkey' },
  brew: { chromium: 'brew install --cask google-chrome', redis: 'brew install redis' },
};

/**
 * Installs with apt-get what it can: as root or where sudo asks for no password, and not without
 * consent where there is a terminal to ask on. Whatever stands in the way, the caller sees by
 * looking again. Throws when apt-get fails.
 */
export async function installWithApt(
  missing: readonly AptItem[],
  signal: AbortSignal,
): Promise<void> {
  const packages = (await isUbuntu())
    ? missing.filter((item) => item !== 'chromium') // its chromium is a snap that cannot see /tmp
    : missing;
  if (packages.length === 0 || !(await hasCommand('apt-get'))) return;
  const asRoot = await commandAsRoot();
  const names = packages.map((item) => APT_PACKAGES[item]);
  if (!asRoot || !(await hasConsent(names, signal))) return;

  tell(`Installing ${names.join(' and ')} with apt-get; this takes a minute or two …`);
  const script = [APT_SCRIPT, 'sh', POLICY_FILE, APT_PATH, ...names];
  const [command = 'sh', ...rest] = [...asRoot, 'sh', '-c', ...script];
  await tellTime('Installed', run(command, rest, { signal }));
}

/** Removes what a set-up that was killed has left on the machine, or says how to. */
export async function cleanUpAfterApt(): Promise<void> {
  const advice = await removeLeftPolicy({
    file: POLICY_FILE,
    readStart,
    async removeAsRoot(file) {
      const [command, ...words] = (await commandAsRoot()) ?? [];
      if (command === undefined) return false;
      return run(command, [...words, 'rm', '-f', file]).then(
        () => true,
        () => false,
      );
    },
  });
  if (advice !== undefined) tell(advice);
}

/** What to run so that nothing is missing any more: a sentence and one command a line. */
export async function howToInstall(missing: readonly Dependency[]): Promise<string> {
  const names = missing.map((item) => NAMES[item]).join('; ');
  const commands = await commandsFor(missing);
  if (commands.length === 0) {
    return `Missing: ${names}. Install what is missing, or point CHROMIUM_PATH or REDIS_URL to it.`;
  }
  return [`Missing: ${names}. Run this, then try again:`, ...commands].join('\n  ');
}

async function commandsFor(missing: readonly Dependency[]): Promise<string[]> {
  for (const [manager, commands] of Object.entries(INSTALL)) {
    if (!(await hasCommand(manager))) continue;
    const needsPlaywright = await isUbuntu();
    return missing.map((item) =>
      item === 'chromium' && needsPlaywright ? installPlaywrightChromium() : commands[item],
    );
  }
  return [];
}

/** Playwright's own Chromium, of the very version that browser-driver runs. */
function installPlaywrightChromium(): string {
  const manifest: unknown = createRequire(import.meta.url)('playwright/package.json');
  const { version } = z.object({ version: z.string() }).parse(manifest);
  return `npx -y playwright@${version} install --with-deps chromium`;
}

async function isUbuntu(): Promise<boolean> {
  return /^ID=ubuntu$/m.test(await readFile('/etc/os-release', 'utf8').catch(() => ''));
}

/** The words to put before a command that needs root; undefined: we cannot become root. */
async function commandAsRoot(): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  return run('sudo', ['-n', 'true']).then(
    () => ['sudo', '-n'],
    () => undefined,
  );
}

/** Asks on a terminal; without one there is nobody to ask, and a set-up was ordered. */
async function hasConsent(names: readonly string[], signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = `Install ${names.join(' and ')} with apt-get now? [Y/n] `;
    return !/^n/i.test(await terminal.question(question, { signal }));
  } finally {
    terminal.close();
  }
}
