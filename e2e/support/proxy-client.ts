import { once } from 'node:events';
import { request as requestOverHttp } from 'node:http';
import { connect as connectHttp2, constants } from 'node:http2';
import { type Socket } from 'node:net';
import { type Readable, type Writable } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** How a browser reaches a host through the proxy. */
export interface Route {
  readonly proxyPort: number;
  /** `user:password` */
  readonly credentials?: string | undefined;
  /** `host:port` */
  readonly target: string;
}

/** What browsers speak over TLS. */
export type Protocol = 'h2' | 'http/1.1';

/** A request under way: both bodies are streams, as the browser's are. */
export interface Exchange {
  readonly upload: Writable;
  readonly response: Promise<Response>;
  /** Drops the request as a browser does at Stop. */
  abort(): void;
}

/** A status line and a body that may still be coming. */
export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readable;
}

/** The authorization header of these credentials. */
export const basic = (credentials: string): string =>
  `Basic ${Buffer.from(credentials).toString('base64')}`;

/** Asks the proxy for a tunnel; the socket is of use when the status is 200. */
export function connectThrough(
  route: Route,
): Promise<{ status: number; challenge: string | undefined; socket: Socket }> {
  const { proxyPort, credentials, target } = route;
  const request = requestOverHttp({
    port: proxyPort,
    method: 'CONNECT',
    path: target,
    headers: credentials === undefined ? {} : { 'proxy-authorization': basic(credentials) },
  });
  request.end();
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('connect', ({ statusCode = 0, headers }, socket) => {
      resolve({ status: statusCode, challenge: headers['proxy-authenticate'], socket });
    });
  });
}

/** A TLS connection through the proxy; rejects when its certificate is not of this authority. */
export async function openTls(
  route: Route,
  ca: string,
  protocol: Protocol = 'http/1.1',
): Promise<TLSSocket> {
  const { status, socket } = await connectThrough(route);
  if (status !== 200) throw new Error(`CONNECT: ${status}`);
  const servername = route.target.replace(/:\d+$/, '');
  const tls = connectTls({ socket, servername, ca, ALPNProtocols: [protocol] });
  await once(tls, 'secureConnect');
  if (tls.alpnProtocol !== protocol) throw new Error(`spoke ${String(tls.alpnProtocol)}`);
  return tls;
}

/** Begins a POST over a connection of its own. */
export function post(
  tls: TLSSocket,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Exchange {
  return tls.alpnProtocol === 'h2' ? postH2(tls, path, headers) : postH1(tls, path, headers);
}

function postH1(tls: TLSSocket, path: string, headers: Readonly<Record<string, string>>): Exchange {
  const upload = requestOverHttp({
    createConnection: () => tls,
    method: 'POST',
    path,
    headers: { host: String(tls.servername), ...headers },
  });
  const response = new Promise<Response>((resolve, reject) => {
    upload.once('error', reject);
    upload.once('response', (body) => {
      resolve({ status: body.statusCode ?? 0, headers: body.headers, body });
    });
  });
  return { upload, response, abort: () => tls.destroy() };
}

function postH2(tls: TLSSocket, path: string, headers: Readonly<Record<string, string>>): Exchange {
  const session = connectHttp2(`https://${String(tls.servername)}`, {
    createConnection: () => tls,
  });
  const stream = session.request({
    ':method': 'POST',
    ':authority': String(tls.servername),
    ':path': path,
    ...headers,
  });
  stream.once('close', () => session.close());
  const response = new Promise<Response>((resolve, reject) => {
    stream.once('error', reject);
    stream.once('response', (answered) => {
      resolve({ status: Number(answered[':status']), headers: answered, body: stream });
    });
  });
  return { upload: stream, response, abort: () => stream.close(constants.NGHTTP2_CANCEL) };
}

/** All of a body; rejects when it breaks off. */
export async function readAll(body: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}
