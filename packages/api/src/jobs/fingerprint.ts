import { createHash } from 'node:crypto';
import { type IncomingMessage } from 'node:http';

import { type Draft } from '../files/remote-file.ts';
import { givenKeys } from '../http/given-keys.ts';
import { encodePlan } from '../offload/offload.ts';
import { type Repeat } from './retries.ts';

/** OpenAI's SDKs number their attempts at one request in it, from 0 (openai-behaviours X-04). */
const HEADER = 'x-stainless-retry-count';

/**
 * Whether the client sends this request again when it has waited too long, and whether it just did.
 * Two requests are the same when one key asks for one plan, whichever way the request was written.
 * Undefined: the client does not number its attempts.
 */
export async function repeatOf(request: IncomingMessage, plan: Draft): Promise<Repeat | undefined> {
  if (request.headers[HEADER] === undefined) return undefined;
  const hash = createHash('sha256').update(JSON.stringify(givenKeys(request)));
  const fingerprint = hash.update((await encodePlan(plan)).digest).digest('hex');
  return { fingerprint, isRepeated: Number(request.headers[HEADER]) > 0 };
}
