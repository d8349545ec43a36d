import { Readable } from 'node:stream';

import { type Dispatcher, request } from 'undici';
import { z } from 'zod';

import { HelperError } from './helper-error.ts';
import { type PostedBody } from './posted-body.ts';

/** Of what a helper says about a refusal this much is passed on, characters. */
const MAX_REASON = 500;

/** One request for a streamed answer. */
export interface Posting {
  readonly url: URL;
  readonly apiKey: string | undefined;
  readonly body: PostedBody;
  readonly signal: AbortSignal;
}

/**
 * Sends it and gives the reply's bytes. Redirects are not followed: the key is for one host. Throws
 * {@link HelperError} when the helper refuses, the transport's own error when it cannot be reached.
 */
export async function post(
  dispatcher: Dispatcher,
  { url, apiKey, body, signal }: Posting,
): Promise<AsyncIterable<Uint8Array>> {
  const reply = await request(url, {
    dispatcher,
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      'content-length': String(body.length),
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    body: Readable.from(body.pieces),
    signal,
  });
  const type = String(reply.headers['content-type'] ?? '');
  if (reply.statusCode === 200 && type.startsWith('text/event-stream')) return reply.body;

  const said = await reply.body.text();
  const why =
    reply.statusCode === 200 ? `it does not stream, but sends ${type || 'no type'}` : reason(said);
  const answered = `The helper at ${url.host} answered ${reply.statusCode}`;
  throw new HelperError(`${answered}${why ? `: ${why}` : '.'}`, {
    isOutage: !isPromptsFault(reply.statusCode),
    logged: `${answered}.`,
  });
}

/** Statuses that are about this one prompt: another one may well succeed. */
const isPromptsFault = (status: number): boolean => [400, 404, 409, 413, 422].includes(status);

/** OpenAI's error body; Google's endpoint puts it into an array. */
const Refusal = z.union([
  z.object({ error: z.object({ message: z.string() }) }),
  z.array(z.object({ error: z.object({ message: z.string() }) })).min(1),
]);

function reason(body: string): string {
  try {
    const refusal = Refusal.parse(JSON.parse(body));
    const [first] = Array.isArray(refusal) ? refusal : [refusal];
    return first?.error.message.slice(0, MAX_REASON) ?? '';
  } catch {
    return ''; // an error page of something in between
  }
}
