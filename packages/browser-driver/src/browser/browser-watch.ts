import { type Log } from '@aistudio/core';
import { type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright';

import { startHeartbeat } from './heartbeat.ts';

/** Longest time for the browser to say which processes it has, ms. */
const SILENT_MS = 8000;
const NETWORK = 'network.mojom.NetworkService';
/** How soon to look again while no network service was seen, ms: the death of an unknown one goes unnoticed. */
const LOOK_AGAIN_MS = 50;

interface ChromiumProcess {
  readonly type: string;
  readonly id: number;
}

/** By browser: looks at its processes at once. */
const looks = new WeakMap<Browser, () => Promise<void>>();

/**
 * Looks after a browser until it ends. One that does not answer is killed with all its processes, which
 * ends it for everyone who uses it. When its network service has died, Chromium starts another that
 * knows nothing of the contexts' proxies: all contexts that there are then are closed.
 */
export async function watchBrowser(browser: Browser, log: Log): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  let processes: readonly ChromiumProcess[] = [];
  let network: number | undefined;
  const look = async (): Promise<void> => {
    ({ processInfo: processes } = await session.send('SystemInfo.getProcessInfo'));
    const before = network;
    network = processes.find(({ type }) => type === NETWORK)?.id;
    if (before === undefined || network === before) return;
    log.warn("Chromium's network service died, so its pages are closed");
    for (const context of browser.contexts()) context.close().catch(() => undefined); // it is gone
  };
  const lookUntilSeen = (): void => {
    if (network !== undefined || !browser.isConnected()) return;
    setTimeout(() => {
      look().then(lookUntilSeen, lookUntilSeen);
    }, LOOK_AGAIN_MS).unref();
  };
  await look();
  looks.set(browser, look);
  lookUntilSeen();
  const heartbeat = startHeartbeat(look, SILENT_MS, () => {
    log.warn('the browser does not answer, so it is killed', { ms: SILENT_MS });
    kill(processes);
  });
  browser.on('disconnected', () => heartbeat[Symbol.dispose]());
}

/**
 * Opens a context. The death of a network service that nobody has noticed yet is noticed before: else the
 * new context would be closed with those that this has cost their proxy.
 */
export async function openContext(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<BrowserContext> {
  await looks.get(browser)?.();
  return browser.newContext(options);
}

/** Also processes that were stopped: none of them can see to its own end. */
function kill(processes: readonly ChromiumProcess[]): void {
  const main = processes.find(({ type }) => type === 'browser');
  const group = main && process.platform !== 'win32' ? [-main.id] : []; // Playwright makes one
  for (const pid of [...group, ...processes.map(({ id }) => id)]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended already
    }
  }
}
