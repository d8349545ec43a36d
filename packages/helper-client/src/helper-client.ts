import {
  type AnswerLimits,
  isTerminal,
  type JobEvent,
  type Log,
  type Plan,
  type ReadFile,
  StudioError,
  watchAnswer,
} from '@aistudio/core';
import { createConnector, type Outbound, ProxyError } from '@aistudio/outbound';
import { Agent } from 'undici';
import { z } from 'zod';

import { toChatBody } from './chat-body.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { HelperError } from './helper-error.ts';
import { post } from './post.ts';
import { toPostedBody } from './posted-body.ts';
import { readEventData } from './read-event-data.ts';
import { toJobEvents } from './to-job-events.ts';

/** This many failures in a row, and the helper is left alone … */
const FAILURES = 3;
/** … for this long, ms. */
const REST_MS = 30_000;

/** Where the helper is and how patient we are with it. */
export interface HelperOptions {
  /** `https://host/v1`, with or without `/chat/completions` behind it. */
  readonly endpoint: string;
  /** Sent as bearer token. */
  readonly apiKey: string | undefined;
  /** The helper's names of models, by ours; others are called as they are. */
  readonly models: Readonly<Record<string, string>>;
  /** Longest time to reach it, TLS included, ms. */
  readonly connectMs: number;
  /** Longest time from the request to the reply's head, ms. */
  readonly firstByteMs: number;
  /** For the answer itself: its keep-alives do not count. */
  readonly limits: AnswerLimits;
  /** The way to it. */
  readonly outbound: Outbound;
  readonly log: Log;
}

/** A service of the user's choice that speaks OpenAI chat completions (streaming-modes.md). */
export interface HelperClient extends AsyncDisposable {
  /** Whether it is left alone at present, after several failures. */
  readonly isResting: boolean;
  /**
   * One answer, from `started` to `finish`. The plan is all it gets: no browser cookie ever reaches
   * it, and its files. Throws {@link HelperError} when it cannot answer, or not to the end; at once while it is
   * left alone after several failures.
   */
  answer(plan: Plan, readFile: ReadFile, signal: AbortSignal): AsyncIterable<JobEvent>;
}

/** Connects when there is something to ask. Disposing it closes what is open. */
export function createHelperClient(options: HelperOptions): HelperClient {
  const { apiKey, models, log } = options;
  const url = new URL(
    `${options.endpoint.replace(/\/+(chat\/completions\/*)?$/, '')}/chat/completions`,
  );
  const agent = new Agent({
    connect: createConnector(options.outbound, { timeout: options.connectMs }),
    headersTimeout: options.firstByteMs,
    bodyTimeout: 0, // the answer's own limits are the shorter ones
  });
  const breaker = createCircuitBreaker({ failures: FAILURES, restMs: REST_MS });

  return {
    get isResting() {
      return breaker.isResting;
    },
    async *answer(plan, readFile, signal) {
      const model = models[plan.model] ?? plan.model;
      const body = toPostedBody((dataOf) => toChatBody(plan, model, dataOf), readFile);
      using attempt = breaker.attempt();
      if (!attempt) {
        throw new HelperError(`The helper at ${url.host} failed several times and is left alone.`, {
          isOutage: false,
        });
      }
      try {
        using watch = watchAnswer(options.limits, `The helper at ${url.host}`, signal);
        const reply = await post(agent, { url, apiKey, body, signal: watch.signal });
        yield { type: 'started', tier: 'helper', model: plan.model };
        for await (const event of toJobEvents(readEventData(reply), watch.noteProgress)) {
          if (isTerminal(event)) attempt.succeeded(); // nobody may ask for more after it
          yield event;
        }
      } catch (error) {
        signal.throwIfAborted();
        const failure = toHelperError(url.host, error);
        if (failure.isOutage && attempt.failed()) log.warn('helper left alone', { ms: REST_MS });
        throw failure;
      }
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

/** What broke while the reply was read, in words; a fault of our own stays what it is. */
function toHelperError(host: string, error: unknown): HelperError {
  if (error instanceof HelperError) return error;
  if (error instanceof StudioError && error.code === 'timeout') {
    return new HelperError(error.message, { cause: error, isOutage: true, code: 'timeout' });
  }
  if (error instanceof ProxyError) {
    return new HelperError(`The helper at ${host} is out of reach. ${error.message}`, {
      cause: error,
      isOutage: true,
    });
  }
  const { data: transport } = TransportError.safeParse(error);
  if (!transport) throw error;
  const what = WORDS[transport.code] ?? `failed (${transport.code})`;
  return new HelperError(`The helper at ${host} ${what}.`, { cause: error, isOutage: true });
}

/** What undici and Node throw has a code. */
const TransportError = z.object({ code: z.string() });

/** What the codes of undici and Node mean. */
const WORDS: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'could not be reached in time',
  ECONNREFUSED: 'refused the connection',
  ENOTFOUND: 'has no address',
  UND_ERR_HEADERS_TIMEOUT: 'did not answer in time',
  UND_ERR_SOCKET: 'cut the connection',
  ECONNRESET: 'cut the connection',
};
