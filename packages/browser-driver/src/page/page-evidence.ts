import { type JobEvent, type RequestSummary } from '@aistudio/core';
import { createAnswerDecoder, summarizeRequest } from '@aistudio/wire';
import { type Page, type Request, type Response } from 'playwright';

/** How one GenerateContent call of the page ended. */
export type CallOutcome =
  /**
   * The answer, or the service's refusal, from its first event to the terminal one. `hasGaps`:
   * frames of unknown shape were skipped, so its text is not all of the text.
   */
  | {
      readonly type: 'answered';
      /** HTTP status */
      readonly status: number;
      readonly events: readonly JobEvent[];
      readonly hasGaps: boolean;
    }
  /** It ended, but the browser has no body to show or the body is of an unknown form. */
  | { readonly type: 'unreadable' }
  /** The connection broke, or the page dropped the call. */
  | { readonly type: 'broken'; readonly reason: string };

/** One GenerateContent call, as the page's own network traffic shows it. */
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

/** Starts to watch a page. */
export function watchEvidence(page: Page): PageEvidence {
  let first: ObservedCall | undefined;
  let wake: (() => void) | undefined;

  page.on('request', (request) => {
    if (first || !isGenerateContent(request)) return;
    first = new ObservedCall(request);
    wake?.();
  });
  // A response's own `finished()` never resolves when the connection breaks.
  page.on('requestfinished', (request) => {
    if (first?.request === request) void first.finish();
  });
  page.on('requestfailed', (request) => {
    if (first?.request === request) first.settle(brokenCall(request));
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
  readonly request: Request;
  readonly summary: RequestSummary | undefined;
  readonly outcome: Promise<CallOutcome>;
  settled: CallOutcome | undefined;
  #resolve = (_outcome: CallOutcome): void => undefined;

  constructor(request: Request) {
    this.request = request;
    this.summary = summaryOf(request);
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  settle(outcome: CallOutcome): void {
    this.settled = outcome;
    this.#resolve(outcome);
  }

  async finish(): Promise<void> {
    const response = await this.request.response().catch(() => null); // the page is gone
    this.settle(response ? await decode(response) : brokenCall(this.request));
  }
}

/**
 * The call itself: neither its preflight nor a report that has its name in it (wire-format.md §1,
 * §2.2).
 */
function isGenerateContent(request: Request): boolean {
  return (
    request.method() === 'POST' && new URL(request.url()).pathname.endsWith('/GenerateContent')
  );
}

function summaryOf(request: Request): RequestSummary | undefined {
  const body = request.postDataBuffer();
  return body ? summarizeRequest(body) : undefined;
}

const brokenCall = (request: Request): CallOutcome => ({
  type: 'broken',
  reason: request.failure()?.errorText ?? 'no answer',
});

async function decode(response: Response): Promise<CallOutcome> {
  const body = await response.body().catch(() => undefined);
  if (!body) return { type: 'unreadable' };
  const status = response.status();
  const decoder = createAnswerDecoder({ status, retryAfter: response.headers()['retry-after'] });
  const events = joined([...decoder.push(body), ...decoder.end()]);
  if (decoder.outcome === 'undecodable') return { type: 'unreadable' };
  return { type: 'answered', status, events, hasGaps: decoder.unknownFrames > 0 };
}

/** Makes one piece of neighbouring pieces of text: in how many they came is of no interest now. */
function joined(events: readonly JobEvent[]): JobEvent[] {
  const result: JobEvent[] = [];
  for (const event of events) {
    const last = result.at(-1);
    if ((event.type === 'text' || event.type === 'reasoning') && last?.type === event.type) {
      result[result.length - 1] = { ...event, text: last.text + event.text };
    } else result.push(event);
  }
  return result;
}
