import { type ServerResponse } from 'node:http';

import { toJson } from './to-json.ts';

/** How an answer in one piece is waited for. */
export interface JsonKeepAlive {
  /** From now until the first blank line, ms; 0 = there is none. */
  readonly afterMs: number;
  /** Between blank lines, ms. */
  readonly everyMs: number;
  /** Told of a failure that came too late for a status, before the connection breaks off. */
  readonly keepFailure: (error: unknown) => Promise<void>;
}

/**
 * Sends what `making` gives as JSON. When that takes long the status line goes out ahead, and blank
 * lines, which JSON may begin with, keep clients and proxies from giving up (N-09). A failure is
 * thrown; after the status line the caller has to break the connection off, since 200 is said (E-12).
 */
export async function sendJson(
  response: ServerResponse,
  making: Promise<object>,
  { afterMs, everyMs, keepFailure }: JsonKeepAlive,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const writeBlank = (): void => {
    if (response.destroyed) return;
    begin(response);
    response.write('\n');
    timer = setTimeout(writeBlank, everyMs);
  };
  if (afterMs > 0) timer = setTimeout(writeBlank, afterMs);
  try {
    const body = toJson(await making);
    begin(response);
    response.end(body);
  } catch (error) {
    if (response.headersSent && !response.destroyed) await keepFailure(error);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function begin(response: ServerResponse): void {
  if (response.headersSent) return;
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
}
