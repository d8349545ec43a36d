import { type RequestSummary } from '@aistudio/core';
import {
  isModelRpc,
  isPassingFailure,
  LOOKUP_ATTEMPTS,
  type ModelRpc,
  readInteractionLookup,
  readInteractionReply,
  rpcOf,
  summarizeRequest,
  type WirePositions,
  type WireTables,
} from '@aistudio/wire';
import { type Page, type Request, type Response } from 'playwright';

import { type CallOutcome, decodeAnswer } from './call-outcome.ts';

/** How the page asked a model, by whichever method, as its own network traffic shows it. */
export interface PageCall {
  /** What was asked; absent where the browser does not show it (a streamed request body). */
  readonly summary?: RequestSummary | undefined;
  readonly outcome: Promise<CallOutcome>;
  /** The outcome, once there is one. */
  readonly settled: CallOutcome | undefined;
}

/**
 * What the page itself asks and receives, as Playwright reports it: nothing is intercepted. There
 * may be nothing to see (bodies that the browser has dropped); that is no error.
 */
export interface PageEvidence {
  /** Forgets what was: the next call is the one that matters. */
  expect(): void;
  /** The first call since `expect`, waiting for it at most `timeoutMs`. Throws the signal's reason. */
  call(timeoutMs: number, signal: AbortSignal): Promise<PageCall | undefined>;
}

/** Starts to watch a page. `tables` is looked at for each call. */
export function watchEvidence(page: Page, tables: WireTables = {}): PageEvidence {
  let first: ObservedCall | undefined;
  let wake: (() => void) | undefined;

  page.on('request', (request) => {
    const rpc = rpcOf(request.method(), request.url(), tables.names);
    if (!isModelRpc(rpc)) return;
    if (rpc === 'GetInteractionStream') return first?.lookUp(request);
    if (first) return;
    first = new ObservedCall(request, rpc, tables.positions);
    wake?.();
  });
  // A response's own `finished()` never resolves when the connection breaks.
  page.on('requestfinished', (request) => {
    if (first?.request === request) void first.finish();
  });
  page.on('requestfailed', (request) => {
    if (first?.request === request) first.fail();
  });

  return {
    expect() {
      first = undefined;
    },
    async call(timeoutMs, signal) {
      signal.throwIfAborted();
      if (first || timeoutMs <= 0) return first;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        signal.addEventListener('abort', done);
        wake = done;
      });
      signal.throwIfAborted();
      return first;
    },
  };
}

class ObservedCall implements PageCall {
  /** The request whose answer is waited for. */
  request: Request;
  readonly summary: RequestSummary | undefined;
  readonly outcome: Promise<CallOutcome>;
  settled: CallOutcome | undefined;
  readonly #positions: WirePositions | undefined;
  #rpc: ModelRpc;
  /** The interaction that runs in the background, once its id is known. */
  #interaction: string | undefined;
  #failures = 0;
  #resolve = (_outcome: CallOutcome): void => undefined;

  constructor(request: Request, rpc: ModelRpc, positions: WirePositions | undefined) {
    this.request = request;
    this.#rpc = rpc;
    this.#positions = positions;
    const body = request.postDataBuffer();
    this.summary = body ? summarizeRequest(body, rpc, positions) : undefined;
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** The page asks for the answer of an interaction, or asks for it again. */
  lookUp(request: Request): void {
    const isInBackground =
      this.#rpc === 'CreateInteraction' || this.#rpc === 'GetInteractionStream';
    if (!isInBackground || this.settled) return;
    const body = request.postDataBuffer();
    const id = body ? readInteractionLookup(body, this.#positions) : undefined;
    if (id !== undefined && this.#interaction !== undefined && id !== this.#interaction) return;
    this.request = request;
    this.#rpc = 'GetInteractionStream';
  }

  async finish(): Promise<void> {
    const { request } = this;
    const response = await request.response().catch(() => null); // the page is gone
    if (!response) return this.#settle(brokenCall(request));
    const isCreation = this.#rpc === 'CreateInteraction';
    const outcome = isCreation ? await this.#readReply(response) : await this.#decode(response);
    if (outcome) this.#settle(outcome);
  }

  fail(): void {
    this.#settle(brokenCall(this.request));
  }

  #settle(outcome: CallOutcome): void {
    if (this.#rpc === 'GetInteractionStream' && isPassing(outcome)) {
      this.#failures += 1;
      if (this.#failures < LOOKUP_ATTEMPTS) return; // the page asks again
    }
    this.settled = outcome;
    this.#resolve(outcome);
  }

  /** Undefined where the answer comes by another call. */
  async #readReply(response: Response): Promise<CallOutcome | undefined> {
    const body = await response.body().catch(() => undefined);
    const status = response.status();
    const head = { status, retryAfter: response.headers()['retry-after'] };
    const reply = body && readInteractionReply(head, body, this.#positions);
    if (!reply) return { type: 'unreadable' };
    if (reply.type === 'refused') {
      return { type: 'answered', status, events: [reply.error], hasGaps: false };
    }
    this.#interaction = reply.id;
    return undefined;
  }

  async #decode(response: Response): Promise<CallOutcome> {
    const body = await response.body().catch(() => undefined);
    if (!body || this.#rpc === 'CreateInteraction') return { type: 'unreadable' };
    return decodeAnswer(body, response.status(), response.headers()['retry-after'], {
      rpc: this.#rpc,
      functionNames: this.summary?.functionNames,
      positions: this.#positions,
    });
  }
}

function isPassing(outcome: CallOutcome): boolean {
  if (outcome.type !== 'answered') return outcome.type === 'broken';
  const end = outcome.events.at(-1);
  return end !== undefined && isPassingFailure(end);
}

const brokenCall = (request: Request): CallOutcome => ({
  type: 'broken',
  reason: request.failure()?.errorText ?? 'no answer',
});
