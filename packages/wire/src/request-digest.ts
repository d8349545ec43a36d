import { createHash } from 'node:crypto';

/**
 * SHA-256 in hex of texts joined by nothing: how a request's summary tells prompts apart without
 * holding them. For `promptDigest`: every text part of every content, in order.
 */
export function digestTexts(texts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text, 'utf8');
  return hash.digest('hex');
}

/** A model id as we write it. */
export const withoutPrefix = (model: string): string => model.replace(/^(?:models|agents)\//, '');
