import { PROXY_HOME } from '@aistudio/core';
import { type Page } from 'playwright';

/** Longest time for the proxy to let the page in, ms. */
const ENTER_MS = 5000;

/** What a proxy of ours asks for. */
export interface ProxyCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Shows the proxy of a page's context its credentials. Chromium remembers them for that context, so no
 * request has to be stopped for them afterwards: with Playwright's own `username` and `password` each
 * request stops, and is handed to us with its whole body. A proxy that cannot be reached, or refuses, is
 * left for the page to find out.
 */
export async function enterProxy(
  page: Page,
  { username, password }: ProxyCredentials,
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const shown = new Set<string>();
  session.on('Fetch.requestPaused', ({ requestId }) => {
    session.send('Fetch.continueRequest', { requestId }).catch(() => undefined); // the page left
  });
  session.on('Fetch.authRequired', ({ requestId, authChallenge: { source } }) => {
    const isOurs = source === 'Proxy' && !shown.has(requestId);
    shown.add(requestId);
    const authChallengeResponse = isOurs
      ? ({ response: 'ProvideCredentials', username, password } as const)
      : ({ response: 'CancelAuth' } as const);
    session
      .send('Fetch.continueWithAuth', { requestId, authChallengeResponse })
      .catch(() => undefined); // the page left
  });
  const patterns = [{ urlPattern: `${PROXY_HOME}*` }];
  await session.send('Fetch.enable', { handleAuthRequests: true, patterns });
  try {
    await page.goto(PROXY_HOME, { timeout: ENTER_MS });
  } catch {
    // loading the page says what is wrong, in words that help
  } finally {
    await session.send('Fetch.disable');
    await session.detach();
  }
}
