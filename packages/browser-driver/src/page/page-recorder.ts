import { type Page } from 'playwright';

import { type Exchange, type Network } from './network.ts';

/** How many lines of each kind are kept. */
const KEPT = 60;

/** What a page said and asked for lately, without anyone's words: for the evidence of a failure. */
export interface PageRecorder {
  /** Warnings and errors of the page's own scripts. */
  readonly console: readonly string[];
  /** Method, host, path and outcome of requests; no query, no body. */
  readonly network: readonly string[];
}

/** Records a page from now on. */
export function recordPage(page: Page, traffic: Network): PageRecorder {
  const console: string[] = [];
  const network: string[] = [];

  page.on('console', (message) => {
    const { url, lineNumber } = message.location();
    const place = url ? `${new URL(url).pathname}:${lineNumber}` : '';
    // What a script prints may quote the prompt: where it printed tells enough.
    if (['error', 'warning'].includes(message.type())) keep(console, `${message.type()} ${place}`);
  });
  page.on('pageerror', (error) => keep(console, `uncaught ${error.name}`));
  traffic.on('response', (exchange) => {
    keep(network, `${exchange.response?.status} ${describe(exchange)}`);
  });
  traffic.on('failed', (exchange) => {
    keep(network, `${exchange.failure} ${describe(exchange)}`);
  });
  return { console, network };
}

function keep(lines: string[], line: string): void {
  lines.push(`${new Date().toISOString()} ${line}`);
  if (lines.length > KEPT) lines.shift();
}

function describe({ method, url }: Exchange): string {
  const { host, pathname } = new URL(url);
  return `${method} ${host}${pathname}`;
}
