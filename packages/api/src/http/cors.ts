import { StudioError } from '@aistudio/core';
import { type RequestHandler } from 'express';

const METHODS = 'GET, HEAD, POST, DELETE, OPTIONS';
const MAX_AGE_SECONDS = '7200';

/** The answer's headers that a program in a web page may read; a wildcard would not cover keys. */
const EXPOSED = [
  'x-request-id',
  'openai-processing-ms',
  'retry-after',
  'x-should-retry',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
  'x-aistudio-tier',
  'x-aistudio-warnings',
  'x-ignored-params',
  'server-timing',
].join(', ');

const LOOPBACK = /^https?:\/\/(localhost|[\w.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Which web pages may use this server. */
export interface CorsOptions {
  /** See {@link isOriginListed}; none = `loopback`. */
  readonly origins: readonly string[];
  /** Whether a key is asked for. Without one, only the origin tells a hostile page from the user. */
  readonly isKeyAsked: () => Promise<boolean>;
}

/**
 * Answers preflights and tells browsers which pages may read answers (openai-behaviours M-04). Where
 * no key is asked for, a prompt sent by a page that may not is refused: a browser would hide the
 * answer from it, but the prompt would have run.
 */
export const cors =
  ({ origins, isKeyAsked }: CorsOptions): RequestHandler =>
  async (request, response, next) => {
    const origin = request.get('origin');
    const isListed = isOriginListed(origin, origins);
    const isAllowed = isListed || (origins.length === 0 && LOOPBACK.test(origin ?? ''));
    response.vary('Origin');
    if (origin !== undefined && isAllowed) {
      response.set({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': EXPOSED,
      });
    }
    if (request.method === 'OPTIONS') {
      response.set({
        allow: METHODS,
        'access-control-allow-methods': METHODS,
        'access-control-allow-headers': request.get('access-control-request-headers') ?? '*',
        'access-control-max-age': MAX_AGE_SECONDS,
      });
      const asksForPrivate = request.get('access-control-request-private-network') === 'true';
      if (isListed && asksForPrivate) response.set('access-control-allow-private-network', 'true');
      response.vary('Access-Control-Request-Headers').status(204).end();
      return;
    }
    const isForeign = request.method === 'POST' && !isAllowed && isWebPage(origin);
    if (isForeign && !(await isKeyAsked())) {
      throw new StudioError(
        'origin_not_allowed',
        `Pages from ${origin} may not use this server. Name the origin in CORS_ORIGINS to allow it.`,
      );
    }
    next();
  };

/**
 * Whether an origin is in a list of exact origins, `SCHEME://*` for all of one scheme (an editor's pages
 * have one by chance each), `loopback`, and `*` for any. A page from a file says `null`; the list may
 * call that `file://`.
 */
function isOriginListed(origin: string | undefined, list: readonly string[]): boolean {
  if (list.includes('*')) return true;
  if (origin === undefined) return false;
  const given = origin.toLowerCase();
  return list.some((entry) => {
    const listed = entry.toLowerCase();
    if (listed === 'loopback') return LOOPBACK.test(given);
    if (listed === 'file:' || listed === 'file://*')
      return given === 'null' || given.startsWith('file:');
    if (listed.endsWith('://*')) return given.startsWith(listed.slice(0, -1));
    return given === listed;
  });
}

/** A page on the web says http(s), a sandboxed frame `null`; desktop programs have other schemes. */
const isWebPage = (origin: string | undefined): boolean =>
  origin !== undefined && (origin === 'null' || /^https?:/i.test(origin));
