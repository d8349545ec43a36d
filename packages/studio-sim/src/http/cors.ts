import { PAGE_ORIGIN } from '../hosts.ts';
import { type Exchange, reply } from './exchange.ts';

/**
 * Headers without which a browser hides the reply, errors too, from the page (wire-format.md §2.2).
 */
export const CORS_HEADERS = {
  'access-control-allow-origin': PAGE_ORIGIN,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'vary,vary,vary,content-encoding,date,server,content-length',
  vary: 'origin',
} as const;

/** Answers an `OPTIONS`: the page's origin may send what it asks to send. */
export function replyToPreflight(exchange: Exchange): void {
  const asked = exchange.request.headers['access-control-request-headers'];
  reply(exchange, 200, '', {
    ...CORS_HEADERS,
    'access-control-allow-methods': 'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT',
    'access-control-allow-headers': asked ?? '',
    'access-control-max-age': '3600',
  });
}
