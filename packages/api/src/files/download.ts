import { deadline } from '@aistudio/core';
import { type Outbound } from '@aistudio/outbound';
import { type Dispatcher, request } from 'undici';

import { assertReachable, createGuardedAgent, PUBLIC_WEB, type Reach, Refusal } from './reach.ts';

const MAX_REDIRECTS = 5;
/** How many files of one request are fetched at a time. */
const PARALLEL = 4;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** A file from the web. */
export interface Downloaded {
  readonly bytes: Buffer;
  /** As the server declares it, which may be wrong. */
  readonly contentType: string | undefined;
}

/** A file could not be had. Its message says why and is for the client. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  /** As the client wrote it. */
  readonly url: string;

  constructor(url: string, cause: unknown) {
    super(cause instanceof Refusal ? cause.message : 'its server could not be reached', { cause });
    this.url = url;
  }
}

/**
 * Fetches the files of one request from the public web, several at a time, each address once, and
 * gives them by their address. Throws a {@link DownloadError} for the first that fails, which ends
 * the others, or the reason of `signal`.
 */
export type Download = (
  urls: readonly string[],
  signal: AbortSignal,
) => Promise<ReadonlyMap<string, Downloaded>>;

/** How much one request may make us fetch. */
export interface DownloadLimits {
  /** All its files together, bytes. */
  readonly maxBytes: number;
  /** All its files together, ms. */
  readonly timeoutMs: number;
}

/** {@link Download} within `limits`, by way of `outbound`. Only tests say what may be reached. */
export function createDownload(
  { maxBytes, timeoutMs }: DownloadLimits,
  outbound: Outbound,
  reach = PUBLIC_WEB,
): { readonly download: Download } & AsyncDisposable {
  const agent = createGuardedAgent(reach, outbound, timeoutMs);
  const tooSlow = (): Refusal => new Refusal(`it did not arrive within ${timeoutMs / 1000} s`);
  return {
    async download(urls, signal) {
      using limit = deadline(timeoutMs, tooSlow, signal);
      const others = new AbortController();
      const within = AbortSignal.any([limit.signal, others.signal]);
      const budget = new Budget(maxBytes);
      const files = new Map<string, Downloaded>();
      const waiting = new Set(urls).values();
      const work = async (): Promise<void> => {
        for (const url of waiting) {
          try {
            files.set(url, await read(await open(url, agent, reach, within), budget));
          } catch (error) {
            signal.throwIfAborted();
            throw new DownloadError(url, within.aborted ? within.reason : error);
          }
        }
      };
      try {
        await Promise.all(Array.from({ length: PARALLEL }, work));
        return files;
      } finally {
        others.abort();
      }
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

/** What is left of the bytes that one request may fetch. */
class Budget {
  readonly #maxBytes: number;
  #left: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#left = maxBytes;
  }

  require(bytes: number): void {
    if (bytes <= this.#left) return;
    throw new Refusal(`the files of one request may have ${this.#maxBytes} bytes together`);
  }

  spend(bytes: number): void {
    this.require(bytes);
    this.#left -= bytes;
  }
}

/** The reply at the end of the redirects that begin at `url`. */
async function open(
  url: string,
  dispatcher: Dispatcher,
  reach: Reach,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  let target = toUrl(url);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    assertReachable(target, reach);
    const headers = { accept: '*/*', 'accept-encoding': 'identity' };
    const reply = await request(target, { dispatcher, headers, signal });
    const location = reply.headers['location'];
    if (!REDIRECTS.has(reply.statusCode) || typeof location !== 'string') return reply;
    drop(reply.body);
    target = toUrl(location, target);
  }
  throw new Refusal(`it is redirected more than ${MAX_REDIRECTS} times`);
}

async function read(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  budget: Budget,
): Promise<Downloaded> {
  try {
    if (statusCode !== 200) throw new Refusal(`its server answered ${statusCode}`);
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
      throw new Refusal('its server sends it compressed, unasked');
    }
    budget.require(Number(headers['content-length'] ?? 0));
    const pieces: Uint8Array[] = [];
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      budget.spend(piece.length);
      pieces.push(piece);
    }
    return { bytes: Buffer.concat(pieces), contentType: single(headers['content-type']) };
  } finally {
    drop(body);
  }
}

/** Closes a body that nobody reads any more; what it says to that is of no interest. */
function drop(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined);
  body.destroy();
}

function toUrl(text: string, base?: URL): URL {
  if (URL.canParse(text, base?.href)) return new URL(text, base);
  throw new Refusal('it is not an address');
}

const single = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;
