import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { TLSSocket } from 'node:tls';

/** A request over HTTP/1.1 or h2: the server speaks both on one port. */
export type Request = IncomingMessage | Http2ServerRequest;

/** Its response. */
export type Response = ServerResponse | Http2ServerResponse;

/** One request with its response. */
export interface Exchange {
  readonly request: Request;
  readonly response: Response;
  /** Host without port. */
  readonly host: string;
  readonly url: URL;
  /** Aborts when the client goes away before the end. */
  readonly signal: AbortSignal;
}

/** Wraps a request: who was asked for what, and whether anybody still listens. */
export function toExchange(request: Request, response: Response): Exchange {
  const authority = String(request.headers[':authority'] ?? request.headers.host ?? 'localhost');
  const left = new AbortController();
  response.once('close', () => {
    if (!response.writableEnded) left.abort();
  });
  const url = new URL(request.url ?? '/', `https://${authority}`);
  return { request, response, host: url.hostname, url, signal: left.signal };
}

/**
 * Whether a request came over a browser's own connection: Chromium speaks h2 to this server and
 * offers no Edwards curves for signatures, while a program in between that makes a connection of its
 * own speaks HTTP/1.1 or, with OpenSSL, offers them.
 */
export function isBrowserConnection(request: Request): boolean {
  const socket = 'stream' in request ? request.stream.session?.socket : request.socket;
  if (request.httpVersionMajor < 2 || !(socket instanceof TLSSocket)) return false;
  return !socket.getSharedSigalgs().some((algorithm) => /ed(?:25519|448)/i.test(algorithm));
}

/** The whole request body. */
export async function readBody(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Answers at once with a whole body. */
export function reply(
  { response }: Pick<Exchange, 'response'>,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers))
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  end(response, body);
}

function end(response: Response, body: string | Buffer): void {
  if ('stream' in response) response.end(body);
  else response.end(body);
}
