/* oxlint-disable no-underscore-dangle -- http-mitm-proxy calls the methods to override so */
import { type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  Http2ServerResponse,
} from 'node:http2';
import { type Socket } from 'node:net';
import { type Readable, type Writable } from 'node:stream';

import { type Log } from '@aistudio/core';
import { type Address, parseAddress } from '@aistudio/outbound';
import { type ErrorCallback, type IContext, Proxy } from 'http-mitm-proxy';

import { type Certificates } from './certificates.ts';
import { slotOf } from './credentials.ts';
import { type Tap } from './tap.ts';
import { type Upstream } from './upstream.ts';

/** Cookies of a signed-in account alone can fill Node's default of 16 KiB. Bytes. */
const MAX_HEADER_BYTES = 64 * 1024;

/** They concern one connection, not the message; h2 forbids them. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'upgrade',
  'http2-settings',
];

/** A request as far as it decides whether it is tapped. */
export interface Intercepted {
  readonly slot: string;
  readonly method: string | undefined;
  readonly url: string | undefined;
}

/** Gives a request its tap, or none. */
export type OpenTap = (request: Intercepted) => Tap | undefined;

/** What the interceptor needs. */
export interface InterceptorOptions {
  readonly certificates: Certificates;
  readonly upstream: Upstream;
  readonly openTap: OpenTap;
  readonly log: Log;
}

/**
 * Relays requests with http-mitm-proxy's pipeline, byte for byte, and lets taps look on. Of that
 * library only the relaying of one request is used: it would listen on an open port for every host,
 * write a CA of its own to the disk, append its error texts to answers that break off, and print.
 */
export class Interceptor extends Proxy {
  readonly #certificates: Certificates;
  readonly #openTap: OpenTap;
  readonly #log: Log;
  readonly #servers = new Map<string, Http2SecureServer>();
  /** The CONNECT of each open connection. The library's own map knows port numbers alone. */
  readonly #connects = new Map<string, IncomingMessage>();
  readonly #taps = new WeakMap<IContext, Tap>();

  constructor({ certificates, upstream, openTap, log }: InterceptorOptions) {
    super();
    this.#certificates = certificates;
    this.#openTap = openTap;
    this.#log = log;
    this.options = {};
    this.keepAlive = true;
    this.httpAgent = upstream.httpAgent;
    this.httpsAgent = upstream.httpsAgent;
    this.onRequest((context, proceed) => this.#prepare(context, proceed));
    this.onRequestEnd((context, proceed) => {
      this.#taps.get(context)?.requestEnd();
      proceed();
    });
    this.onResponse((context, proceed) => this.#onResponse(context, proceed));
    this.onResponseEnd((context, proceed) => {
      this.#taps.get(context)?.responseEnd();
      proceed();
    });
  }

  /** Takes over a connection that asked for `target` by CONNECT: speaks TLS, then h2 or HTTP/1.1. */
  accept(socket: Socket, connect: IncomingMessage, target: Address): void {
    const connection = nameOf(socket);
    this.#connects.set(connection, connect);
    socket.allowHalfOpen = false; // else a browser that closes leaves the TLS side open for ever
    socket.once('close', () => {
      if (this.#connects.get(connection) === connect) this.#connects.delete(connection);
    });
    this.#serverFor(target.host).emit('connection', socket);
  }

  /** Relays a plain request for an absolute `http:` URL. */
  forward(request: IncomingMessage, response: ServerResponse): void {
    this._onHttpServerRequest(false, request, response);
  }

  /** The browser gets its bytes first; then the tap; and a slow browser slows the service down. */
  override _onResponseData(context: IContext, chunk: Buffer, proceed: ErrorCallback): void {
    proceed(null, chunk);
    throttle(context.serverToProxyResponse, streamOf(context.proxyToClientResponse));
    this.#taps.get(context)?.responseBytes(chunk);
  }

  override _onRequestData(context: IContext, chunk: Buffer, proceed: ErrorCallback): void {
    proceed(null, chunk);
    throttle(context.clientToProxyRequest, context.proxyToServerRequest);
    this.#taps.get(context)?.requestBytes(chunk);
  }

  /** An answer that breaks off must break off for the browser too, not end as if it were whole. */
  override _onError(kind: string, context: IContext | null, error: Error): void {
    const response = context?.proxyToClientResponse;
    const isWanted = response && !streamOf(response).destroyed; // else the browser left: no fault
    this.#log.log(isWanted ? 'warn' : 'debug', 'relay failed', { kind, error });
    if (!context || !response) return;
    this.#close(context, (tap) => tap.interrupted());
    if (response.headersSent) response.destroy(error);
    else response.writeHead(502, { 'content-type': 'text/plain' }).end('upstream failed');
  }

  #serverFor(host: string): Http2SecureServer {
    const existing = this.#servers.get(host);
    if (existing) return existing;
    const server = createSecureServer({ ...this.#certificates.forHost(host), allowHTTP1: true });
    Object.assign(server, { maxHeaderSize: MAX_HEADER_BYTES }); // read by its HTTP/1.1 parser
    const fail = (error: Error): void =>
      void this.#log.debug('browser connection failed', { error });
    server.on('tlsClientError', fail);
    server.on('sessionError', fail);
    server.on('request', (request, response) => this.#relay(request, response));
    this.#servers.set(host, server);
    return server;
  }

  #relay(request: Http2ServerRequest, response: Http2ServerResponse): void {
    const authority = request.headers[':authority'];
    if (authority !== undefined) request.headers.host ??= authority;
    // Node's h2 messages have the interface of its HTTP/1.1 messages, which the library is typed for
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const messages = [request, response] as unknown as [IncomingMessage, ServerResponse];
    this._onHttpServerRequest(true, ...messages);
  }

  #prepare(context: IContext, proceed: ErrorCallback): void {
    const { isSSL, clientToProxyRequest: request } = context;
    const options = context.proxyToServerRequestOptions;
    const connect = isSSL ? this.#connects.get(nameOf(request.socket)) : undefined;
    const slot = slotOf((isSSL ? connect : request)?.headers['proxy-authorization']);
    if (!options || slot === undefined) return proceed(new Error('a request out of nowhere'));
    // a TLS connection leads where its CONNECT said, whatever the request says
    const target = isSSL
      ? parseAddress(connect?.url ?? '')
      : { host: options.host, port: Number(options.port) };
    const headers = Object.entries(options.headers).filter(
      ([name]) => !name.startsWith(':') && !HOP_BY_HOP.includes(name),
    );
    Object.assign(options, target, {
      headers: Object.fromEntries(headers),
      maxHeaderSize: MAX_HEADER_BYTES,
      ...(isSSL ? { servername: target.host } : {}),
    });
    const tap = isSSL
      ? this.#openTap({ slot, method: request.method, url: request.url })
      : undefined;
    if (tap) this.#taps.set(context, tap);
    context.proxyToClientResponse.once('close', () => {
      if (!context.serverToProxyResponse?.complete) this.#close(context, (open) => open.aborted());
    });
    proceed();
  }

  #onResponse(context: IContext, proceed: ErrorCallback): void {
    const response = context.serverToProxyResponse;
    if (response) {
      for (const name of [...HOP_BY_HOP, 'transfer-encoding']) delete response.headers[name];
      this.#taps.get(context)?.response(response.statusCode ?? 0, response.headers);
    }
    proceed();
  }

  /** Ends the request to the service, if it still goes on, and tells the tap why. */
  #close(context: IContext, tell: (tap: Tap) => void): void {
    const tap = this.#taps.get(context);
    this.#taps.delete(context);
    if (tap) tell(tap);
    context.proxyToServerRequest?.destroy();
  }
}

/** Tells a TCP connection from all others that are open: two hosts may have one port number. */
const nameOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string =>
  [remoteAddress, remotePort, localAddress, localPort].join(' ');

/** Lets `source` wait until `sink` has room again. */
function throttle(source: Readable | undefined, sink: Writable | undefined): void {
  if (!source || !sink?.writableNeedDrain || source.isPaused()) return;
  source.pause();
  sink.once('drain', () => source.resume());
}

/** Where the bytes of a response queue up. */
const streamOf = (response: ServerResponse | Http2ServerResponse): Writable =>
  response instanceof Http2ServerResponse ? response.stream : response;
