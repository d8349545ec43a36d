import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

import { foreignEnvironment, type Log, StudioError, SYSTEM_BROWSERS } from '@aistudio/core';
import { type Browser, type BrowserContext, chromium, type LaunchOptions } from 'playwright';

import { watchBrowser } from './browser-watch.ts';
import { QUIET_SWITCHES } from './switches.ts';

export type { Browser } from 'playwright';

/** A proxy that nobody offers: the discard port is for no service. */
const NOWHERE = 'http://127.0.0.1:9';
/** The proxy of a context that connects by itself, also in a browser that is closed. */
export const DIRECT = { server: NOWHERE, bypass: '*' };

/** How Chromium is started. */
export interface BrowserOptions {
  /** CHROMIUM_PATH, if set. */
  readonly chromiumPath: string | undefined;
  readonly isHeadless: boolean;
  /** CHROMIUM_SANDBOX. Default true; root never has one, because Chromium refuses it. */
  readonly isSandboxed?: boolean;
  /**
   * Whether only contexts with a proxy of their own reach anything: {@link DIRECT} is one for those that
   * need none. Chromium forgets a context's proxy when its network service dies, and would connect past it.
   */
  readonly isClosed?: boolean;
  /** Base64 SHA-256 of public keys (SPKI) to trust besides what the system trusts. */
  readonly pins: readonly string[];
  /** `host:port` → `ip:port`, where to connect instead. */
  readonly resolve: Readonly<Record<string, string>>;
}

/** Finds the browser: CHROMIUM_PATH, Playwright's own, the system's. Throws when there is none. */
export function findChromium(chromiumPath: string | undefined): string {
  if (chromiumPath !== undefined) {
    if (existsSync(chromiumPath)) return chromiumPath;
    throw new StudioError(
      'not_ready',
      `CHROMIUM_PATH names ${chromiumPath}, which does not exist.`,
    );
  }
  const found = [chromium.executablePath(), ...SYSTEM_BROWSERS].find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new StudioError(
    'not_ready',
    'No Chromium found. Run `npx playwright install chromium`, or set CHROMIUM_PATH.',
  );
}

/** Starts Chromium. Playwright's own defaults already keep background traffic and throttling away. */
export async function launchBrowser(options: BrowserOptions, log: Log): Promise<Browser> {
  const settings = toLaunchSettings(options, log);
  const browser = await chromium
    .launch({
      ...settings,
      headless: options.isHeadless,
      ...(options.isClosed ? { proxy: { server: NOWHERE } } : {}),
    })
    .catch(rethrowSandboxTrouble);
  await watchBrowser(browser, log);
  const { executablePath } = settings;
  log.info('browser started', { executablePath, version: browser.version() });
  return browser;
}

/**
 * Opens an ordinary browser window for a person, with a profile folder of its own that is removed
 * when it closes: what is to last, one takes out of it before.
 */
export async function openWindow(
  {
    proxy,
    ...options
  }: Omit<BrowserOptions, 'isHeadless'> & {
    /** Everything goes through it, if it is given. */
    readonly proxy: LaunchOptions['proxy'];
  },
  log: Log,
): Promise<BrowserContext> {
  return chromium.launchPersistentContext('', {
    ...toLaunchSettings(options, log),
    ...(proxy ? { proxy } : {}),
    headless: false,
    viewport: null, // as large as the window
    ignoreDefaultArgs: ['--enable-automation'], // a person drives it, and no program
  });
}

function toLaunchSettings(
  { chromiumPath, isSandboxed = true, pins, resolve }: Omit<BrowserOptions, 'isHeadless'>,
  log: Log,
): LaunchOptions & { readonly executablePath: string } {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) log.warn('running as root: Chromium runs without its sandbox (--no-sandbox)');
  else if (!isSandboxed) log.warn('CHROMIUM_SANDBOX is off: a page that breaks out has our rights');
  const rules = Object.entries(resolve).map(([from, to]) => `MAP ${from} ${to}`);
  return {
    executablePath: findChromium(chromiumPath),
    chromiumSandbox: isSandboxed && !isRoot,
    handleSIGINT: false, // ending is our main's affair, in its order
    handleSIGTERM: false,
    handleSIGHUP: false,
    env: foreignEnvironment(), // a page that breaks out finds no keys there
    args: [
      ...QUIET_SWITCHES,
      ...(pins.length > 0 ? [`--ignore-certificate-errors-spki-list=${pins.join(',')}`] : []),
      ...(rules.length > 0 ? [`--host-resolver-rules=${rules.join(', ')}`] : []),
    ],
  };
}

/** What Chromium says when the machine lets it make no sandbox, in words that help. */
function rethrowSandboxTrouble(cause: unknown): never {
  if (!/sandboxing failed|No usable sandbox/.test(String(cause))) throw cause;
  throw new StudioError(
    'not_ready',
    'Chromium cannot make its sandbox here. Let ordinary users make user namespaces (docs/guides/docker.md), or do without by CHROMIUM_SANDBOX=false.',
    { cause },
  );
}

/** The pin of a certificate's key: base64 SHA-256 of its SPKI. `file` is PEM. */
export function pinOf(file: string): string {
  const key = new X509Certificate(readFileSync(file)).publicKey;
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}
