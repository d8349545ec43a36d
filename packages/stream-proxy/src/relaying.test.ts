import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  request as askPlainly,
  type ServerResponse,
} from 'node:http';
import { connect as connectH2 } from 'node:http2';
import {
  createServer as createHttpsServer,
  request as askHttps,
  type RequestOptions,
} from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { connect as connectTls, type TLSSocket } from 'node:tls';

import { createOutbound } from '@aistudio/outbound';
import { silentLog } from '@aistudio/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type Certificates, openCertificates } from './certificates.ts';
import { slotOf } from './credentials.ts';
import { listen, type StreamProxy } from './proxy.ts';
import { type Tap } from './tap.ts';
import { createUpstream, type Upstream } from './upstream.ts';

const HOST = 'read.example';
const CREDENTIALS = `Basic ${Buffer.from('slot-1:secret').toString('base64')}`;

let directory: string;
let certificates: Certificates;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aistudio-proxy-'));
  certificates = await openCertificates(directory);
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** The service behind the proxy: `serve` answers. */
let serve: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
let service: ReturnType<typeof createHttpsServer>;
let upstream: Upstream;
let proxy: StreamProxy;
/** What the tap of the last request was told. */
let told: string[];
let onTold: () => void;
let isTapped: boolean;

beforeEach(async () => {
  service = createHttpsServer(certificates.forHost(HOST), (request, response) => {
    void serve(request, response);
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  const { port } = service.address() as AddressInfo;
  upstream = createUpstream({
    outbound: createOutbound({ resolve: { [`${HOST}:443`]: `127.0.0.1:${port}` } }),
    ca: certificates.ca,
  });
  told = [];
  onTold = () => undefined;
  isTapped = true;
  const note = (what: string): void => {
    told.push(what);
    onTold();
  };
  const tap: Tap = {
    requestBytes: (bytes) => note(`asks ${bytes.toString()}`),
    requestEnd: () => note('asked'),
    response: (status, headers) => note([status, headers['x-of']].join(' ').trim()),
    responseBytes: (bytes) => note(`hears ${bytes.toString()}`),
    responseEnd: () => note('heard'),
    interrupted: () => note('interrupted'),
    aborted: () => note('aborted'),
  };
  proxy = await listen({
    id: 'this one',
    host: '127.0.0.1',
    port: 0,
    intercepted: HOST,
    certificates,
    upstream,
    authenticate: async (header) => slotOf(header),
    openTap: ({ slot, method, url }) => {
      told.push(`${slot}: ${method} ${url}`);
      return isTapped ? tap : undefined;
    },
    log: silentLog,
  });
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  upstream[Symbol.dispose]();
  service.closeAllConnections();
  service.close();
});

const untilTold = (what: string): Promise<void> =>
  new Promise((resolve) => {
    onTold = () => {
      if (told.includes(what)) resolve();
    };
    onTold();
  });

/** A TLS connection through the proxy to the host that is read. */
async function open(
  ALPNProtocols: string[] = ['http/1.1'],
  target = `${HOST}:443`,
): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: proxy.port });
  socket.write(`CONNECT ${target} HTTP/1.1\r\nproxy-authorization: ${CREDENTIALS}\r\n\r\n`);
  await once(socket, 'data');
  const tls = connectTls({ socket, servername: HOST, ca: certificates.ca, ALPNProtocols });
  await once(tls, 'secureConnect');
  return tls;
}

/** Sends a request over HTTP/1.1; gives it, for the answer to be awaited. */
async function send(options: RequestOptions = {}, body?: string) {
  const socket = await open();
  const request = askHttps({
    host: HOST,
    path: '/call',
    createConnection: () => socket,
    ...options,
  });
  request.on('error', () => undefined); // a test looks at what comes of it
  request.end(body);
  return request;
}
async function answerTo(request: Awaited<ReturnType<typeof send>>): Promise<IncomingMessage> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

describe('a relayed request', () => {
  it('reaches the service as it is, but for what concerns one connection', async () => {
    let seen: IncomingMessage | undefined;
    let body = '';
    serve = async (request, response) => {
      seen = request;
      body = await textOf(request);
      response.end();
    };
    const headers = {
      host: HOST,
      'x-own': 'kept',
      te: 'trailers',
      'keep-alive': 'timeout=5',
      'proxy-connection': 'keep-alive',
      'content-type': 'text/x',
    };
    const request = await send({ method: 'POST', path: '/call?q=1', headers }, 'what is asked');
    await textOf(await answerTo(request));
    expect([seen?.method, seen?.url, body]).toEqual(['POST', '/call?q=1', 'what is asked']);
    expect(seen?.headers).toMatchObject({ host: HOST, 'x-own': 'kept', 'content-type': 'text/x' });
    const hidden = ['te', 'proxy-connection', 'proxy-authorization'];
    expect(Object.keys(seen?.headers ?? {}).filter((name) => hidden.includes(name))).toEqual([]);
    expect(told.slice(0, 3)).toEqual(['slot-1: POST /call?q=1', 'asks what is asked', 'asked']);
  });

  it('goes where its CONNECT said, whatever host it names', async () => {
    serve = (request, response) => void response.end(`of ${request.headers.host}`);
    const request = await send({ headers: { host: 'other.example' } });
    expect(await textOf(await answerTo(request))).toBe('of other.example');
  });

  it('may have headers as large as the cookies of a signed-in account', async () => {
    serve = (request, response) => void response.end(String(request.headers.cookie?.length));
    service.maxHeadersCount = 0;
    Object.assign(service, { maxHeaderSize: 64 * 1024 });
    const request = await send({ headers: { cookie: 'c'.repeat(30_000) } });
    expect(await textOf(await answerTo(request))).toBe('30000');
  });
});

describe('a relayed answer', () => {
  it('reaches the browser as it comes, and the tap after it', async () => {
    let goOn = (): void => undefined;
    serve = (_request, response) => {
      response.writeHead(201, { 'x-of': 'service', 'keep-alive': 'timeout=9' });
      response.write('first ');
      goOn = () => response.end('last');
    };
    const response = await answerTo(await send());
    expect(response.statusCode).toBe(201);
    expect(response.headers['x-of']).toBe('service');
    expect(response.headers['keep-alive']).not.toBe('timeout=9');
    const [first] = (await once(response, 'data')) as [Buffer];
    expect(first.toString()).toBe('first ');
    goOn();
    expect(await textOf(response)).toBe('last');
    await untilTold('heard');
    expect(told.slice(1)).toEqual(['asked', '201 service', 'hears first ', 'hears last', 'heard']);
  });

  it('is relayed the same where nothing of it is read', async () => {
    isTapped = false;
    serve = (_request, response) => void response.end('hello');
    expect(await textOf(await answerTo(await send()))).toBe('hello');
    expect(told).toEqual(['slot-1: GET /call']);
  });

  it('comes over h2 as well, on the same connection as others', async () => {
    serve = (request, response) => void response.end(`${request.headers.host} ${request.url}`);
    const socket = await open(['h2']);
    const session = connectH2(`https://${HOST}`, { createConnection: () => socket });
    const get = async (path: string): Promise<string> =>
      textOf(session.request({ ':path': path }).setEncoding('utf8'));
    expect(await Promise.all([get('/1'), get('/2')])).toEqual([`${HOST}:443 /1`, `${HOST}:443 /2`]);
    session.destroy();
    expect(told).toContain('slot-1: GET /1');
  });

  it('keeps the service’s connection for the next request', async () => {
    const ports = new Set<number | undefined>();
    serve = (request, response) => {
      ports.add(request.socket.remotePort);
      response.end('hello');
    };
    await textOf(await answerTo(await send()));
    await textOf(await answerTo(await send()));
    expect(ports.size).toBe(1);
  });

  it('comes no faster than the browser reads it', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'x');
    const total = 64;
    let sent = 0;
    let isHeldUp = (): void => undefined;
    const heldUp = new Promise<void>((resolve) => (isHeldUp = resolve));
    serve = (_request, response) => {
      const write = (): void => {
        while (sent < total) {
          sent++;
          if (!response.write(piece)) {
            const late = setTimeout(isHeldUp, 300); // nobody takes it
            response.once('drain', () => {
              clearTimeout(late);
              write();
            });
            return;
          }
        }
        response.end();
      };
      write();
    };
    const response = await answerTo(await send());
    response.pause();
    await heldUp;
    expect(sent).toBeLessThan(total);
    let length = 0;
    for await (const bytes of response) length += (bytes as Buffer).length;
    expect(length).toBe(total * piece.length);
  });
});

describe('a connection that breaks', () => {
  it('is 502 for the browser where no answer had begun', async () => {
    serve = (request) => void request.socket.destroy();
    const response = await answerTo(await send());
    expect([response.statusCode, await textOf(response)]).toEqual([502, 'upstream failed']);
    expect(told.slice(1)).toEqual(['asked', 'interrupted']);
  });

  it('breaks off for the browser, too, in the middle of an answer', async () => {
    serve = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => setImmediate(() => response.socket?.destroy()));
    };
    const response = await answerTo(await send());
    await expect(textOf(response)).rejects.toThrow('aborted');
    await untilTold('interrupted');
    expect(told.slice(-2)).toEqual(['hears half', 'interrupted']);
    expect(told).not.toContain('heard');
  });

  it('ends the request to the service where the browser goes away', async () => {
    let atService: ServerResponse | undefined;
    serve = (_request, response) => {
      atService = response;
      response.write('half');
    };
    const request = await send();
    await answerTo(request);
    const left = atService && once(atService, 'close');
    request.destroy();
    await left;
    await untilTold('aborted');
    expect(told.filter((what) => /interrupted|heard|aborted/.test(what))).toEqual(['aborted']);
  });

  it('tells a tap nothing of the browser’s leave once all has been relayed', async () => {
    serve = (_request, response) => void response.end('hello');
    const request = await send();
    await textOf(await answerTo(request));
    request.destroy();
    serve = (_request, response) => void response.end('again');
    await textOf(await answerTo(await send()));
    expect(told).not.toContain('aborted');
  });
});

describe('a plain request', () => {
  it('is relayed to the address that it names, unread', async () => {
    const plain = createHttpServer((request, response) => {
      const { headers, url } = request;
      response.end([headers['x-own'], url, headers.host].join(' '));
    });
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const { port } = plain.address() as AddressInfo;
    const request = askPlainly({
      host: '127.0.0.1',
      port: proxy.port,
      path: `http://127.0.0.1:${port}/page`,
      headers: { 'proxy-authorization': CREDENTIALS, 'x-own': 'kept', host: `127.0.0.1:${port}` },
    });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(await textOf(response)).toBe(`kept /page 127.0.0.1:${port}`);
    expect(told).toEqual([]);
    plain.closeAllConnections();
    plain.close();
  });

  it('is refused without a slot’s credentials, by a proxy that says which it is', async () => {
    const request = askPlainly({ host: '127.0.0.1', port: proxy.port, path: 'http://a.example/' });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(407);
    expect(Object.values(response.headers)).toContain('this one');
    response.resume();
  });
});
