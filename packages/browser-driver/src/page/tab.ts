import { deadline, type Profile, StudioError } from '@aistudio/core';
import { type Browser, type BrowserContext, type Page } from 'playwright';

import { openContext } from '../browser/browser-watch.ts';
import { DIRECT } from '../browser/browser.ts';
import { startHeartbeat } from '../browser/heartbeat.ts';
import { type CookieJar } from '../profile/shared-session.ts';
import { withSignal } from '../waiting.ts';
import { enterProxy, type ProxyCredentials } from './enter-proxy.ts';
import { homeOf } from './location.ts';
import { type Network, watchNetwork } from './network.ts';
import { type PageEvidence, watchEvidence } from './page-evidence.ts';
import { builtInKnowledge, type KnowledgeSource, wireTablesOf } from './page-knowledge.ts';
import { type PageRecorder, recordPage } from './page-recorder.ts';
import { preferencesScript } from './preferences.ts';
import { StudioPage } from './studio-page.ts';

/** Wide enough that the run settings never cover the Run button (page.md §10, 19). */
const VIEWPORT = { width: 1440, height: 900 };

/** Longest time for a look at the cookies of a healthy browser, ms. */
const COOKIES_MS = 2000;

/** Longest time that a page may be too busy for a sign of life, ms. */
const SILENT_MS = 15_000;
/** Longest time for a page to close, ms. */
const CLOSE_MS = 5000;

/** How a tab reaches a proxy. */
export interface TabProxy extends ProxyCredentials {
  /** `http://host:port` */
  readonly server: string;
}

/** A page in a browser context of its own. */
export interface Tab {
  /** The browser that shows it. */
  readonly browser: Browser;
  readonly studio: StudioPage;
  /** Whether its traffic goes through the stream proxy. */
  readonly isProxied: boolean;
  readonly network: Network;
  readonly recorder: PageRecorder;
  readonly evidence: PageEvidence | undefined;
  readonly jar: CookieJar;
  /**
   * Asks the page for signs of life until disposed: one that gives none for {@link SILENT_MS} is lost.
   */
  watch(): Disposable;
  /** Aborts, with the error to report, when the tab or its browser is gone, unless by `close`. */
  readonly lost: AbortSignal;
  close(): Promise<void>;
}

/** What a tab is opened with. */
export interface TabOptions {
  /** The stream proxy; undefined: it is not in between. */
  readonly proxy: TabProxy | undefined;
  /** The sign-in that the context begins with. */
  readonly profile: Profile | undefined;
  /** Where the person has a proxy, the way to it of a tab without the stream proxy. */
  readonly relay?: TabProxy | undefined;
  /** PAGE_EVIDENCE */
  readonly hasEvidence: boolean;
  /** AUTH_USER; default 0, the first account. */
  readonly authUser?: number;
  /** What is known of the page; undefined: what is built in. */
  readonly knowledge?: KnowledgeSource | undefined;
}

/** Opens a tab: English, wide, with AI Studio's preferences as we need them; not yet on any page. */
export async function openTab(browser: Browser, options: TabOptions): Promise<Tab> {
  const { proxy, relay, profile } = options;
  const way = proxy ?? relay;
  const context = await openContext(browser, {
    viewport: VIEWPORT,
    locale: 'en-US',
    permissions: ['clipboard-read', 'clipboard-write'], // for Copy markdown (page.md §5.1)
    proxy: way ? { server: way.server } : DIRECT,
    ...(profile ? { storageState: profile } : {}),
  });
  try {
    await context.addInitScript(preferencesScript);
    const page = await context.newPage();
    if (way) await enterProxy(page, way);
    return toTab(browser, context, page, await watchNetwork(page), options);
  } catch (error) {
    await closeContext(context); // nobody else knows of it, and a browser lives as long as its last one
    throw error;
  }
}

function toTab(
  browser: Browser,
  context: BrowserContext,
  page: Page,
  network: Network,
  { proxy, hasEvidence, authUser = 0, knowledge }: TabOptions,
): Tab {
  const lost = new AbortController();
  const lose = (): void => lost.abort(crashed());
  page.on('crash', lose);
  page.on('close', lose);
  browser.on('disconnected', lose);
  return {
    browser,
    studio: new StudioPage(page, { home: homeOf(authUser), knowledge }),
    isProxied: proxy !== undefined,
    network,
    recorder: recordPage(page, network),
    evidence: hasEvidence
      ? watchEvidence(network, wireTablesOf(knowledge ?? builtInKnowledge))
      : undefined,
    jar: {
      async cookies() {
        using limit = deadline(COOKIES_MS);
        return await withSignal(context.cookies(), limit.signal);
      },
      async addCookies(cookies) {
        using limit = deadline(COOKIES_MS);
        await withSignal(context.addCookies([...cookies]), limit.signal);
      },
    },
    watch: () =>
      startHeartbeat(
        () => page.evaluate(() => true),
        SILENT_MS,
        () => lost.abort(frozen()),
      ),
    lost: lost.signal,
    async close() {
      page.off('crash', lose);
      page.off('close', lose);
      browser.off('disconnected', lose);
      await closeContext(context);
    },
  };
}

/** What has crashed cannot be closed, and what hangs is left to the end of its browser. */
async function closeContext(context: BrowserContext): Promise<void> {
  using limit = deadline(CLOSE_MS);
  await withSignal(context.close(), limit.signal).catch(() => undefined);
}

const frozen = (): StudioError =>
  new StudioError('upstream_error', 'The browser page froze. Send the request again.');

const crashed = (): StudioError =>
  new StudioError('upstream_error', 'The browser crashed. Send the request again.');
