import { StudioError } from '@aistudio/core';

import { act } from './act.ts';
import { type Readiness } from './in-page/chat.ts';
import { checkLocation } from './location.ts';
import { PageError } from './page-error.ts';
import { type StudioPage } from './studio-page.ts';

/** Longest time from navigation to a usable page (page.md §2), ms. */
const LOAD_MS = 30_000;
/** How long a page with a prompt box may take to name its model; without it the wire does, ms. */
const MODEL_MS = 12_000;
/** One look at what has loaded so far, ms. */
const LOOK_MS = 5000;

const STEP = 'load the page';

/**
 * Loads an empty chat at this address of AI Studio, until a prompt can be entered. Throws
 * `not_signed_in` when the login page comes instead.
 */
export async function loadPage(
  studio: StudioPage,
  address: string,
  signal: AbortSignal,
): Promise<void> {
  const { page } = studio;
  const response = await act(STEP, signal, LOAD_MS + LOOK_MS, () =>
    page
      .goto(address, { waitUntil: 'domcontentloaded', timeout: LOAD_MS })
      .catch(rethrowNetworkTrouble),
  );
  await checkPlace(studio, signal);
  if (response && !response.ok()) {
    throw new PageError(STEP, `AI Studio answers HTTP ${response.status()}`);
  }
  await untilReady(studio, signal);
}

async function untilReady(studio: StudioPage, signal: AbortSignal): Promise<void> {
  const { page } = studio;
  const startedAt = Date.now();
  let seen: Readiness | undefined;
  let cover: string | undefined;
  while (Date.now() < startedAt + LOAD_MS) {
    await checkPlace(studio, signal);
    try {
      seen = await studio.look(STEP, (kit, ms) => kit.chat.untilReady(ms), LOOK_MS, signal);
    } catch (error) {
      // A redirect, for example to the login page, ends the document under our feet.
      if (signal.aborted || !(error instanceof PageError) || page.isClosed()) throw error;
      await act(STEP, signal, LOAD_MS, () => page.waitForLoadState('domcontentloaded'));
      continue;
    }
    if (seen.isCovered) cover = await studio.clearOverlays(signal);
    // What cannot be cleared may go by itself, and Run has its key besides.
    if (seen.isCovered && cover === undefined) continue;
    const isLate = seen.isLoaded || Date.now() > startedAt + MODEL_MS;
    if (seen.hasPrompt && (seen.hasModel || isLate)) return;
    if (seen.isLoaded && !seen.isCovered) break; // it has come, without a prompt box
  }
  if (cover !== undefined) throw new PageError(STEP, `“${cover}” stays`);
  throw new PageError(STEP, 'there is no prompt box', { isLacking: seen?.isLoaded === true });
}

/** Throws when the page is at a place where no chat can be had, as after the end of the session. */
export async function checkPlace(studio: StudioPage, signal: AbortSignal): Promise<void> {
  checkLocation(studio.page.url(), await titleOf(studio, signal));
}

const titleOf = ({ page }: StudioPage, signal: AbortSignal): Promise<string> =>
  act(STEP, signal, LOOK_MS, () => page.title().catch(() => ''));

/** What Chromium says when it does not get through, in words that help. */
function rethrowNetworkTrouble(cause: unknown): never {
  const [trouble] = /net::ERR_[A-Z_]+/.exec(String(cause)) ?? [];
  if (trouble === undefined || trouble === 'net::ERR_ABORTED') throw cause;
  const advice = /PROXY|TUNNEL/.test(trouble)
    ? 'If there is a proxy of yours in between, check UNIFIED_PROXY_CONFIG or HTTPS_PROXY; the log says what it answered.'
    : "Check this machine's connection to the internet.";
  throw new StudioError('upstream_error', `AI Studio cannot be reached (${trouble}). ${advice}`, {
    cause,
  });
}
