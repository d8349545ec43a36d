import { now } from '../control/request-log.ts';
import { PAGE_ORIGIN, RPC_PATH } from '../hosts.ts';
import { CORS_HEADERS, replyToPreflight } from '../http/cors.ts';
import { type Exchange, readBody, reply } from '../http/exchange.ts';
import { hasSession, rotatedCookies } from '../site/session.ts';
import { RPC_ERRORS, RpcError } from '../wire/rpc-error.ts';
import { METHODS } from './methods.ts';
import { RPC_HEADERS, type RpcCall, type SimState } from './rpc-call.ts';

/** Serves the RPC host: preflight, the methods, and every failure as the service words it. */
export async function serveRpc(exchange: Exchange, sim: SimState): Promise<void> {
  const { request, url, response } = exchange;
  if (request.method === 'OPTIONS') return replyToPreflight(exchange);
  const name = url.pathname.startsWith(RPC_PATH) ? url.pathname.slice(RPC_PATH.length) : '';
  const method = METHODS.get(name);
  if (!method || request.method !== 'POST')
    return reply(exchange, 404, RPC_ERRORS.notFound('Method not found.').body, CORS_HEADERS);

  const entry = sim.log.begin(name);
  response.once('close', () => {
    entry.endedAt = now();
    entry.endedBy ??= exchange.signal.aborted ? 'client' : 'complete';
  });
  const call: RpcCall = { exchange, request: await readArray(exchange), entry, sim };
  entry.raw = call.request;
  try {
    checkCaller(call);
    for (const cookie of rotatedCookies(request.headers.cookie))
      response.appendHeader('set-cookie', cookie);
    await method(call);
    if (response.headersSent) entry.status ??= 200;
  } catch (error) {
    if (exchange.signal.aborted) return; // nobody is left to be told
    if (!(error instanceof RpcError)) throw error;
    entry.status = error.status;
    replyError(exchange, error);
  }
}

async function readArray({ request }: Exchange): Promise<unknown> {
  const body = (await readBody(request)).toString();
  try {
    return JSON.parse(body);
  } catch {
    return body; // the log keeps it; the method finds nothing in it and refuses
  }
}

/**
 * Headers that the real page always sends (wire-format.md §2.1), and a session where one is asked
 * for.
 */
function checkCaller({ exchange: { request }, sim: { switches } }: RpcCall): void {
  const { authorization, cookie, origin } = request.headers;
  const isSignedOut =
    switches.isOn('signed-out') || (switches.options.requireSignIn && !hasSession(cookie));
  if (isSignedOut || !authorization) throw RPC_ERRORS.unauthenticated();
  if (origin !== PAGE_ORIGIN || !request.headers['x-goog-api-key']) throw RPC_ERRORS.denied();
  if (request.headers['content-type'] !== 'application/json+protobuf')
    throw RPC_ERRORS.invalid('The content type is not application/json+protobuf.');
}

function replyError(exchange: Exchange, error: RpcError): void {
  const { retryAfterSeconds } = error;
  reply(exchange, error.status, error.body, {
    ...RPC_HEADERS,
    ...(retryAfterSeconds === undefined
      ? {}
      : { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
  });
}
