import { PAGE_ORIGIN } from '../hosts.ts';
import { type Exchange, readBody, reply } from '../http/exchange.ts';
import { type SimState } from '../rpc/rpc-call.ts';
import { escapeHtml, plainHtml } from './html.ts';
import { sessionCookies } from './session.ts';

/**
 * Serves `accounts.google.com`: a sign-in page that takes any address and any password, sets the
 * session's cookies, ends the faults `signed-out` and `account-chooser` and goes back to where one
 * came from. The account chooser does the same without asking for anything.
 */
export async function serveAccounts(exchange: Exchange, { switches }: SimState): Promise<void> {
  const { request, url } = exchange;
  if (request.method === 'POST' && url.pathname === '/signin') {
    const form = new URLSearchParams((await readBody(request)).toString());
    switches.change({ 'signed-out': false, 'account-chooser': false });
    return reply(exchange, 302, '', {
      location: pageUrl(form.get('continue')),
      'set-cookie': sessionCookies(),
    });
  }
  const back = pageUrl(url.searchParams.get('continue'));
  const isChooser = url.pathname.includes('accountchooser');
  reply(exchange, 200, isChooser ? chooserHtml(back) : signInHtml(back), {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
  });
}

/** Only back to the page itself. */
function pageUrl(asked: string | null): string {
  return asked?.startsWith(`${PAGE_ORIGIN}/`) ? asked : `${PAGE_ORIGIN}/prompts/new_chat`;
}

function signInHtml(back: string): string {
  return plainHtml(
    'Sign in - Google Accounts',
    `<main class="sign-in"><h1>Sign in</h1><p>to continue to Google AI Studio</p>
<form method="post" action="/signin">
<input type="hidden" name="continue" value="${escapeHtml(back)}">
<input id="identifierId" type="email" name="identifier" autocomplete="username" aria-label="Email or phone" placeholder="Email or phone" required>
<input type="password" name="Passwd" autocomplete="current-password" aria-label="Enter your password" placeholder="Enter your password" required>
<button type="submit">Next</button>
</form></main>`,
  );
}

function chooserHtml(back: string): string {
  return plainHtml(
    'Choose an account - Google Accounts',
    `<main class="sign-in"><h1>Choose an account</h1>
<form method="post" action="/signin">
<input type="hidden" name="continue" value="${escapeHtml(back)}">
<button type="submit" data-identifier="user@example.com">user@example.com</button>
</form></main>`,
  );
}
