import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

import { type Log, StudioError, SYSTEM_BROWSERS } from '@aistudio/core';
import { type Browser, chromium } from 'playwright';

export type { Browser } from 'playwright';

/** How Chromium is started. */
export interface BrowserOptions {
  /** CHROMIUM_PATH, if set. */
  readonly chromiumPath: string | undefined;
  readonly isHeadless: boolean;
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
  const isRoot = process.getuid?.() === 0;
  const executablePath = findChromium(options.chromiumPath);
  if (isRoot) log.warn('running as root: Chromium runs without its sandbox (--no-sandbox)');
  const rules = Object.entries(options.resolve).map(([from, to]) => `MAP ${from} ${to}`);
  const browser = await chromium.launch({
    executablePath,
    headless: options.isHeadless,
    chromiumSandbox: !isRoot,
    handleSIGINT: false, // ending is our main's affair, in its order
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      '--disable-domain-reliability',
      '--no-pings',
      ...(options.pins.length > 0
        ? [`--ignore-certificate-errors-spki-list=${options.pins.join(',')}`]
        : []),
      ...(rules.length > 0 ? [`--host-resolver-rules=${rules.join(', ')}`] : []),
    ],
  });
  log.info('browser started', { executablePath, version: browser.version() });
  return browser;
}

/** The pin of a certificate's key: base64 SHA-256 of its SPKI. `file` is PEM. */
export function pinOf(file: string): string {
  const key = new X509Certificate(readFileSync(file)).publicKey;
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}
