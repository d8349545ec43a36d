import { createHash } from 'node:crypto';
import { type IncomingMessage } from 'node:http';

import { givenKeys } from './given-keys.ts';
import { type Repeat } from './retries.ts';

/** OpenAI's SDKs number their attempts at one request in it, from 0 (openai-behaviours X-04). */
const HEADER = 'x-stainless-retry-count';

const fingerprints = new WeakMap<IncomingMessage, string>();

/** Takes the fingerprint of a request whose client may send it again, from its body as it came. */
export function takeFingerprint(request: IncomingMessage, _response: unknown, body: Buffer): void {
  if (request.headers[HEADER] === undefined) return;
  const hash = createHash('sha256').update(JSON.stringify(givenKeys(request.headers)));
  fingerprints.set(request, hash.update(body).digest('hex'));
}

/** Whether the client sends this request again when it has waited too long, and whether it just did. */
export function repeatOf(request: IncomingMessage): Repeat | undefined {
  const fingerprint = fingerprints.get(request);
  if (fingerprint === undefined) return undefined;
  return { fingerprint, isRepeated: Number(request.headers[HEADER]) > 0 };
}
