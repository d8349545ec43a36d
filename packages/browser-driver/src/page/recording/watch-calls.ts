import { type Page, type Request, type Response } from 'playwright';

/** One RPC as the browser shows it: with everything that was said. Never leaves this process. */
export interface RawCall {
  readonly url: URL;
  /** Epoch ms. */
  readonly at: number;
  readonly request: Buffer | undefined;
  headAt: number | undefined;
  endAt: number | undefined;
  status: number | undefined;
  contentType: string | undefined;
  response: Buffer | undefined;
  /** Why there is no response. */
  failure: string | undefined;
}

/** Where the RPCs of every service of the page are (wire-format.md §1). */
const RPC = '/$rpc/';
/** Longest time for bodies that are still on their way when the watch ends, ms. */
const BODY_MS = 3000;

/** The RPCs that a page makes. */
export interface CallWatch {
  /** Stops, and gives all calls in their order, as far as they have come. */
  stop(): Promise<RawCall[]>;
}

/** Watches from now on; nothing is intercepted. `onHead` is called when an answer begins. */
export function watchCalls(page: Page, onHead: (url: URL) => void): CallWatch {
  const calls = new Map<Request, RawCall>();
  const bodies: Promise<void>[] = [];

  const onRequest = (request: Request): void => {
    const url = new URL(request.url());
    if (request.method() !== 'POST' || !url.pathname.includes(RPC)) return;
    calls.set(request, {
      url,
      at: Date.now(),
      request: request.postDataBuffer() ?? undefined,
      headAt: undefined,
      endAt: undefined,
      status: undefined,
      contentType: undefined,
      response: undefined,
      failure: undefined,
    });
  };
  const onResponse = (response: Response): void => {
    const call = calls.get(response.request());
    if (!call) return;
    call.headAt = Date.now();
    call.status = response.status();
    call.contentType = response.headers()['content-type'];
    onHead(call.url);
  };
  const onFinished = (request: Request): void => {
    const call = calls.get(request);
    if (!call) return;
    call.endAt = Date.now();
    bodies.push(readBody(request, call));
  };
  const onFailed = (request: Request): void => {
    const call = calls.get(request);
    if (!call) return;
    call.endAt = Date.now();
    call.failure = request.failure()?.errorText ?? 'the connection broke';
  };
  page.on('request', onRequest);
  page.on('response', onResponse);
  page.on('requestfinished', onFinished);
  page.on('requestfailed', onFailed);

  return {
    async stop() {
      page.off('request', onRequest);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, BODY_MS);
      });
      await Promise.race([Promise.all(bodies), late]);
      clearTimeout(timer);
      page.off('response', onResponse);
      page.off('requestfinished', onFinished);
      page.off('requestfailed', onFailed);
      return [...calls.values()];
    },
  };
}

async function readBody(request: Request, call: RawCall): Promise<void> {
  try {
    call.response = await (await request.response())?.body();
  } catch {
    call.failure = 'the browser has dropped it';
  }
}
