import { FAULT_NAMES } from '../control/faults.ts';
import { HOSTS, PAGE_ORIGIN, RPC_PATH } from '../hosts.ts';
import { type Exchange, readBody, reply } from '../http/exchange.ts';
import { type SimState } from '../rpc/rpc-call.ts';
import { plainHtml, shellHtml } from './html.ts';
import { type LivePages } from './live.ts';
import { type PageBundle } from './page-bundle.ts';
import { hasSession, rotatedCookies } from './session.ts';

const APP_PATHS =
  /^(?:\/u\/\d+)?\/(?:prompts\/[\w-]+|library|usage|live|apps|gen-media|api-keys|generate-speech|docs)\/?$/;
/** Where the page goes when it may not start, or has nothing to show (page.md §1). */
const ERROR_ROUTE = /^(?:\/u\/\d+)?\/(403|404|500|520)\/?$/;

/** Serves `aistudio.google.com`: the documents, the script, and the page's line to the simulator. */
export async function servePage(
  exchange: Exchange,
  sim: SimState,
  live: LivePages,
  bundle: PageBundle,
): Promise<void> {
  const { url, request } = exchange;
  const { pathname } = url;
  if (pathname.startsWith('/_/sim/')) return serveLine(exchange, sim, live);
  if (pathname === '/favicon.ico') return reply(exchange, 204, '');
  if (pathname.endsWith('/jserror')) {
    await readBody(request);
    return reply(exchange, 204, '');
  }
  if (pathname === '/upload/drive/v3/files') return sim.drive.upload(exchange);
  if (pathname === bundle.path)
    return reply(exchange, 200, bundle.script, {
      'content-type': 'text/javascript; charset=UTF-8',
      'cache-control': 'private, max-age=31536000, immutable',
    });
  serveDocument(exchange, sim, bundle);
}

/** How a page hears of switches and says what it did about them; nothing real is like it. */
async function serveLine(
  { request, response, url, host, signal }: Exchange,
  { switches, drift }: SimState,
  live: LivePages,
): Promise<void> {
  const exchange = { request, response, url, host, signal };
  const page = url.searchParams.get('page') ?? '';
  if (url.pathname === '/_/sim/live') return live.connect(exchange);
  const body = await readBody(request);
  if (url.pathname === '/_/sim/drift') drift.take(body.toString());
  if (url.pathname === '/_/sim/applied')
    live.applied(page, Number(url.searchParams.get('version')));
  const fault = FAULT_NAMES.find((name) => name === url.searchParams.get('fault'));
  if (url.pathname === '/_/sim/take' && fault) switches.take(fault);
  reply(exchange, 204, '');
}

function serveDocument(exchange: Exchange, { switches }: SimState, bundle: PageBundle): void {
  const { url, request } = exchange;
  const { cookie } = request.headers;
  const redirect = (location: string): void => reply(exchange, 302, '', { location });
  const toAccounts = (path: string): void =>
    redirect(`https://${HOSTS.accounts}/${path}?continue=${encodeURIComponent(url.href)}`);

  const { variant, requireSignIn, accounts } = switches.options;
  const account = Number(/^\/u\/(\d+)\//.exec(url.pathname)?.[1] ?? 0);
  const isSignedOut = switches.isOn('signed-out') || (requireSignIn && !hasSession(cookie));
  if (/^(?:\/u\/\d+)?\/welcome$/.test(url.pathname)) return replyHtml(exchange, welcomeHtml());
  if (isSignedOut) return variant === 'u3' ? redirect('/welcome') : toAccounts('ServiceLogin');
  if (account >= accounts) return toAccounts('ServiceLogin');
  if (switches.isOn('account-chooser')) return toAccounts('v3/signin/accountchooser');
  if (switches.take('forbidden')) return replyHtml(exchange, FORBIDDEN, 403);
  if (url.pathname === '/available-regions') return replyHtml(exchange, REGIONS);
  if (switches.take('region-blocked')) return redirect('/available-regions');
  if (url.pathname.startsWith('/app/prompts/')) return redirect(url.pathname.slice('/app'.length));
  if (url.pathname === '/apikey') return redirect('/api-keys');
  if (url.pathname === '/prompts/new_freeform')
    return redirect('/prompts/new_chat?prompt-access-restricted');
  if (url.pathname === '/' || url.pathname === '/home')
    return variant === 'u3' ? redirect('/prompts/new_chat') : replyHtml(exchange, LANDING);
  const route = ERROR_ROUTE.exec(url.pathname)?.[1];
  if (route !== undefined) return replyHtml(exchange, ROUTES[route] ?? NOT_FOUND);
  if (!APP_PATHS.test(url.pathname)) return replyHtml(exchange, NOT_FOUND, 404);

  const html = shellHtml(
    {
      WIu0Nc: 'simulated-api-key',
      teM9xe: 'v1_c2ltdWxhdG9y',
      authUser: account,
      rpcBase: `https://${HOSTS.rpc}${RPC_PATH}`,
      switches: switches.state,
    },
    `${PAGE_ORIGIN}${bundle.path}`,
  );
  replyHtml(exchange, html);
}

function replyHtml(exchange: Exchange, html: string, status = 200): void {
  reply(exchange, status, html, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'set-cookie': rotatedCookies(exchange.request.headers.cookie),
  });
}

const LANDING = plainHtml(
  'Google AI Studio',
  `<main class="landing"><h1>Google AI Studio</h1>
<input placeholder="Start a chat or vibe code an app">
<a class="playground-link" href="/prompts/new_chat">Playground</a></main>`,
);

/** What a browser that is signed out gets: on the page's own host, with a way to the sign-in. */
function welcomeHtml(): string {
  const back = encodeURIComponent(`${PAGE_ORIGIN}/prompts/new_chat`);
  return plainHtml(
    'Google AI Studio',
    `<main class="landing"><h1>Welcome to Google AI Studio</h1>
<p>The fastest way to start building with Gemini.</p>
<a class="ms-button-primary" href="https://${HOSTS.accounts}/ServiceLogin?continue=${back}">Get started</a></main>`,
  );
}

const NOT_FOUND = plainPage('Error 404 (Not Found)', '404', 'There is no such page.');
const FORBIDDEN = plainPage('403. Forbidden', '403', 'You do not have access to this page.');
const REGIONS = plainPage(
  'Available regions for Google AI Studio',
  'Available regions',
  'Google AI Studio is not available in your country.',
);

const ROUTES: Readonly<Record<string, string>> = {
  403: plainPage('Google AI Studio', 'Access restricted', 'You do not have access to this page.'),
  404: plainPage('Google AI Studio', 'Page not found', 'There is no such page.'),
  500: plainPage('Google AI Studio', 'An internal error occurred', 'Please try again later.'),
  520: plainPage('Google AI Studio', 'Something went wrong', 'Please try again later.'),
};

function plainPage(title: string, heading: string, text: string): string {
  return plainHtml(title, `<main class="landing"><h1>${heading}</h1><p>${text}</p></main>`);
}
