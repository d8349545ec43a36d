import {
  createLogger,
  loadConfig,
  openProfileFolder,
  StudioError,
  untilStopped,
} from '@aistudio/core';
import { createOutbound, listenRelay, toProxySettings } from '@aistudio/outbound';

import { openWindow, pinOf } from './browser/browser.ts';
import { signInByHand } from './page/sign-in-window.ts';

/**
 * `sign-in NAME`: opens a browser window in which a person signs in to Google, and saves the sign-in
 * as the profile of that name, the active one from then on. Exits 1 when there is none.
 */
async function main(name: string): Promise<number> {
  const config = loadConfig();
  const log = createLogger('sign-in', { level: 'error', format: config.LOG_FORMAT });
  const folder = openProfileFolder(config.AUTH_PROFILES_DIR);
  folder.fileOf(name); // a name that cannot be one is said before anybody signs in
  const outbound = createOutbound({
    ...toProxySettings(config),
    resolve: config.AI_STUDIO_RESOLVE,
  });
  await using relay = outbound.hasProxy ? await listenRelay(outbound, log) : undefined;
  const window = await openWindow(
    {
      chromiumPath: config.CHROMIUM_PATH,
      isSandboxed: config.CHROMIUM_SANDBOX,
      pins: config.AI_STUDIO_CA ? [pinOf(config.AI_STUDIO_CA)] : [],
      resolve: config.AI_STUDIO_RESOLVE,
      proxy: relay,
    },
    log,
  );
  try {
    say('Sign in to Google in the window that has opened. It closes by itself afterwards.');
    const profile = await Promise.race([signInByHand(window), untilGivenUp()]);
    const file = await folder.save(name, profile);
    say(`Signed in. The profile '${name}' is saved and active (${file}). Next: pnpm start`);
    return 0;
  } finally {
    await window.close().catch(() => undefined); // the person closed it
  }
}

async function untilGivenUp(): Promise<never> {
  await untilStopped();
  throw new StudioError('not_signed_in', 'Stopped. Nothing was saved.');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exitCode = await main(process.argv[2] ?? 'default');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
