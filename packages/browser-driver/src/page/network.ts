import { EventEmitter } from 'node:events';

import { deadline } from '@aistudio/core';
import { type CDPSession, type Page } from 'playwright';

import { withSignal } from '../waiting.ts';

/** Longest time for the browser to hand a body over, ms. */
const BODY_MS = 5000;
/** How many unfinished requests are remembered: Chromium does not report the end of each. */
const MAX_OPEN = 500;
/**
 * What Chromium keeps of bodies for us, bytes: together, and of one. Request bodies do not come with the
 * events, but are asked for.
 */
const BUFFERS = {
  maxTotalBufferSize: 32 * 1024 * 1024,
  maxResourceBufferSize: 16 * 1024 * 1024,
  maxPostDataSize: 1,
};

/** One request of a page, and what has become of it so far. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly response: ExchangeResponse | undefined;
  /** Why it failed, if it did. */
  readonly failure: string | undefined;
  /** Undefined where there is none or the browser does not show it. Never throws. */
  readRequest(): Promise<Uint8Array | undefined>;
  /** To be called once it has finished. Undefined where the browser has dropped it. Never throws. */
  readResponse(): Promise<Uint8Array | undefined>;
}

/** The head of a response; names of headers are in small letters. */
export interface ExchangeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A page's requests as they go on. */
export interface Network {
  /** A request ends with one of `finished` and `failed`; both may come without a `response`. */
  on(event: 'request' | 'response' | 'finished' | 'failed', look: (one: Exchange) => void): void;
}

/** As much of a CDP session as we use. */
export type NetworkSession = Pick<CDPSession, 'on' | 'send'>;

/**
 * Watches a page's requests from now on. Nothing is intercepted and, unlike with the page's own events,
 * nothing of a request is kept after its end: Playwright keeps ten thousand with their bodies.
 */
export async function watchNetwork(page: Page): Promise<Network> {
  const session = await page.context().newCDPSession(page);
  const network = followNetwork(session);
  await session.send('Network.enable', BUFFERS);
  return network;
}

/** Makes exchanges of the events of the session's `Network` domain. */
export function followNetwork(session: NetworkSession): Network {
  const events = new EventEmitter();
  const open = new Map<string, ObservedExchange>();
  const end = (id: string, event: 'finished' | 'failed', failure?: string): void => {
    const exchange = open.get(id);
    if (!exchange) return;
    open.delete(id);
    exchange.failure = failure;
    events.emit(event, exchange);
  };
  const respond = (id: string, { status, headers }: ExchangeResponse): void => {
    const exchange = open.get(id);
    if (!exchange) return;
    const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    exchange.response = { status, headers: Object.fromEntries(entries) };
    events.emit('response', exchange);
  };

  session.on('Network.requestWillBeSent', ({ requestId, request, redirectResponse }) => {
    if (redirectResponse) {
      respond(requestId, redirectResponse);
      end(requestId, 'finished');
    }
    const exchange = new ObservedExchange(session, requestId, request);
    open.set(requestId, exchange);
    const [oldest] = open.keys();
    if (open.size > MAX_OPEN && oldest !== undefined) open.delete(oldest);
    events.emit('request', exchange);
  });
  session.on('Network.responseReceived', ({ requestId, response }) => {
    respond(requestId, response);
  });
  session.on('Network.loadingFinished', ({ requestId }) => end(requestId, 'finished'));
  session.on('Network.loadingFailed', ({ requestId, errorText }) => {
    end(requestId, 'failed', errorText);
  });
  return { on: (event, look) => void events.on(event, look) };
}

class ObservedExchange implements Exchange {
  readonly method: string;
  readonly url: string;
  response: ExchangeResponse | undefined;
  failure: string | undefined;
  readonly #session: NetworkSession;
  readonly #id: string;
  readonly #hasBody: boolean;

  constructor(
    session: NetworkSession,
    id: string,
    { method, url, hasPostData = false }: { method: string; url: string; hasPostData?: boolean },
  ) {
    this.#session = session;
    this.#id = id;
    this.method = method;
    this.url = url;
    this.#hasBody = hasPostData;
  }

  async readRequest(): Promise<Uint8Array | undefined> {
    if (!this.#hasBody) return undefined;
    const reply = await orNothing(
      this.#session.send('Network.getRequestPostData', { requestId: this.#id }),
    );
    return reply && Buffer.from(reply.postData, reply.base64Encoded ? 'base64' : 'utf8');
  }

  async readResponse(): Promise<Uint8Array | undefined> {
    const reply = await orNothing(
      this.#session.send('Network.getResponseBody', { requestId: this.#id }),
    );
    return reply && Buffer.from(reply.body, reply.base64Encoded ? 'base64' : 'utf8');
  }
}

/** Undefined when the browser has nothing to give, or is gone. */
async function orNothing<T>(reply: Promise<T>): Promise<T | undefined> {
  using limit = deadline(BODY_MS);
  return await withSignal(reply, limit.signal).catch(() => undefined);
}
