import { type Page } from 'playwright';

import { ORIGIN } from './location.ts';
import { builtInKnowledge, type PageKnowledge } from './page-knowledge.ts';

/** Where chats are; nobody who is not signed in stays there (page.md §1). */
const CHAT_PATH = /^(\/u\/\d+)?(\/app)?\/prompts(\/|$)/;

/** Waits, without limit, until AI Studio shows its prompt box on this page. Rejects when it closes. */
export async function untilSignedIn(
  page: Page,
  { table }: PageKnowledge = builtInKnowledge.current,
): Promise<void> {
  const promptInput = table.promptInput.filter((way) => typeof way === 'string').join(', ');
  for (;;) {
    await page.waitForURL(isChat, { timeout: 0, waitUntil: 'domcontentloaded' });
    await page.locator(promptInput).first().waitFor({ timeout: 0 });
    if (isChat(new URL(page.url()))) return; // a script may have led away meanwhile
  }
}

const isChat = ({ origin, pathname }: URL): boolean =>
  origin === ORIGIN && CHAT_PATH.test(pathname);
