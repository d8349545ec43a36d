import { Condition, type RequestSummary } from '@aistudio/core';
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

import { withSignal } from '../waiting.ts';
import { type CallOutcome, decodeAnswer } from './call-outcome.ts';
import { type Exchange, type ExchangeResponse, type Network } from './network.ts';

/** How the page asked a model, by whichever method, as its own network traffic shows it. */
export interface PageCall {
  /** What was asked; absent where the browser does not show it (a streamed request body). */
  readonly summary?: RequestSummary | undefined;
  readonly outcome: Promise<CallOutcome>;
  /** The outcome, once there is one. */
  readonly settled: CallOutcome | undefined;
}

/**
 * What the page itself asks and receives, as the browser reports it: nothing is intercepted. There
 * may be nothing to see (bodies that the browser has dropped); that is no error.
 */
export interface PageEvidence {
  /** Forgets what was: the next call is the one that matters. */
  expect(): void;
  /** The first call since `expect`, waiting for it at most `timeoutMs`. Throws the signal's reason. */
  call(timeoutMs: number, signal: AbortSignal): Promise<PageCall | undefined>;
}

/** Starts to watch a page's requests. `tables` is looked at for each call. */
export function watchEvidence(network: Network, tables: WireTables = {}): PageEvidence {
  let first: ObservedCall | undefined;
  const called = new Condition();

  network.on('request', (exchange) => {
    const rpc = rpcOf(exchange.method, exchange.url, tables.names);
    if (!isModelRpc(rpc)) return;
    if (rpc === 'GetInteractionStream') {
      first?.lookUp(exchange);
      return;
    }
    if (first) return;
    first = new ObservedCall(exchange, rpc, tables.positions);
    called.notify();
  });
  network.on('finished', (exchange) => first?.finish(exchange));
  network.on('failed', (exchange) => first?.fail(exchange));

  return {
    expect() {
      first = undefined;
    },
    async call(timeoutMs, signal) {
      signal.throwIfAborted();
      if (!first && timeoutMs > 0) await called.wait(timeoutMs, signal);
      const call = first;
      await withSignal(call?.isRead ?? Promise.resolve(), signal);
      return call;
    },
  };
}

class ObservedCall implements PageCall {
  summary: RequestSummary | undefined;
  /** Resolves when the summary is there, or will never be. */
  readonly isRead: Promise<void>;
  readonly outcome: Promise<CallOutcome>;
  settled: CallOutcome | undefined;
  readonly #positions: WirePositions | undefined;
  /** The request whose answer is waited for. */
  #exchange: Exchange;
  #rpc: ModelRpc;
  /** What there is to do, one after the other. */
  #pending: Promise<void>;
  /** The interaction that runs in the background, once its id is known. */
  #interaction: string | undefined;
  #failures = 0;
  #resolve = (_outcome: CallOutcome): void => undefined;

  constructor(exchange: Exchange, rpc: ModelRpc, positions: WirePositions | undefined) {
    this.#exchange = exchange;
    this.#rpc = rpc;
    this.#positions = positions;
    this.isRead = this.#read(exchange, rpc);
    this.#pending = this.isRead;
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** The page asks for the answer of an interaction, or asks for it again. */
  lookUp(exchange: Exchange): void {
    this.#inOrder(() => this.#lookUp(exchange));
  }

  finish(exchange: Exchange): void {
    this.#inOrder(async () => {
      if (exchange !== this.#exchange) return;
      const { response } = exchange;
      if (!response) return this.#settle(brokenCall(exchange));
      const isCreation = this.#rpc === 'CreateInteraction';
      const outcome = await (isCreation
        ? this.#readReply(exchange, response)
        : this.#decode(exchange, response));
      if (outcome) this.#settle(outcome);
    });
  }

  fail(exchange: Exchange): void {
    this.#inOrder(async () => {
      if (exchange === this.#exchange) this.#settle(brokenCall(exchange));
    });
  }

  /** Bodies take a moment to read: what happened first is seen to first. */
  #inOrder(work: () => Promise<void>): void {
    this.#pending = this.#pending.then(work);
  }

  async #read(exchange: Exchange, rpc: ModelRpc): Promise<void> {
    const body = await exchange.readRequest();
    this.summary = body ? summarizeRequest(body, rpc, this.#positions) : undefined;
  }

  async #lookUp(exchange: Exchange): Promise<void> {
    const isInBackground =
      this.#rpc === 'CreateInteraction' || this.#rpc === 'GetInteractionStream';
    if (!isInBackground || this.settled) return;
    const body = await exchange.readRequest();
    const id = body ? readInteractionLookup(body, this.#positions) : undefined;
    if (id !== undefined && this.#interaction !== undefined && id !== this.#interaction) return;
    this.#exchange = exchange;
    this.#rpc = 'GetInteractionStream';
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
  async #readReply(
    exchange: Exchange,
    { status, headers }: ExchangeResponse,
  ): Promise<CallOutcome | undefined> {
    const body = await exchange.readResponse();
    const head = { status, retryAfter: headers['retry-after'] };
    const reply = body && readInteractionReply(head, body, this.#positions);
    if (!reply) return { type: 'unreadable' };
    if (reply.type === 'refused') {
      return { type: 'answered', status, events: [reply.error], hasGaps: false };
    }
    this.#interaction = reply.id;
    return undefined;
  }

  async #decode(exchange: Exchange, { status, headers }: ExchangeResponse): Promise<CallOutcome> {
    const body = await exchange.readResponse();
    if (!body || this.#rpc === 'CreateInteraction') return { type: 'unreadable' };
    return decodeAnswer(body, status, headers['retry-after'], {
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

const brokenCall = ({ failure = 'no answer' }: Exchange): CallOutcome => ({
  type: 'broken',
  reason: failure,
});
