import { type IncomingHttpHeaders } from 'node:http';

/** The keys that a request carries, as `Authorization: Bearer`, `x-api-key` or `api-key` (E-07). */
export function givenKeys(headers: IncomingHttpHeaders): string[] {
  const bearer = /^bearer +(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1];
  return [bearer, headers['x-api-key'], headers['api-key']].flatMap((key) => key || []);
}
