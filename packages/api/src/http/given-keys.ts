import { type IncomingMessage } from 'node:http';

/**
 * The keys that a request carries: as `Authorization`, with `Bearer` or bare, as `x-api-key`, `api-key`
 * or `x-goog-api-key`, or as `?key=` (openai-behaviours E-07, api-dialects G-02).
 */
export function givenKeys({
  headers,
  url = '',
}: Pick<IncomingMessage, 'headers' | 'url'>): string[] {
  const authorization = headers.authorization?.trim() ?? '';
  const [, bearer] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  const bare = /^\S+$/.test(authorization) ? authorization : undefined;
  const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
  return [
    bearer ?? bare,
    headers['x-api-key'],
    headers['api-key'],
    headers['x-goog-api-key'],
    new URLSearchParams(query).get('key'),
  ].flatMap((key) => key || []);
}
