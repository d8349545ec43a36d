import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, createGzip } from 'node:zlib';

import {
  CaptureRecord,
  connectRedis,
  duplicateConnection,
  names,
  recordsIn,
  type RedisConnection,
  PROXY_HOME,
} from '@aistudio/core';
import { createOutbound } from '@aistudio/outbound';
import { silentLog } from '@aistudio/testing';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { createCapture } from '../../packages/stream-proxy/src/capture.ts';
import {
  type Certificates,
  openCertificates,
} from '../../packages/stream-proxy/src/certificates.ts';
import { createAuthenticator } from '../../packages/stream-proxy/src/credentials.ts';
import { listen, type StreamProxy } from '../../packages/stream-proxy/src/proxy.ts';
import { RPC_HOST } from '../../packages/stream-proxy/src/rpc.ts';
import { createTaps } from '../../packages/stream-proxy/src/taps.ts';
import { createUpstream, type Upstream } from '../../packages/stream-proxy/src/upstream.ts';
import { vector, vectors } from '../../packages/wire/src/__fixtures__/vectors.ts';
import { createAnswerDecoder } from '../../packages/wire/src/index.ts';
import { atEnd, keepForAll } from '../support/keep.ts';
import {
  basic,
  connectThrough,
  openTls,
  post,
  type Protocol,
  readAll,
  type Route,
} from '../support/proxy-client.ts';
import { startRedis } from '../support/redis-server.ts';

const GENERATE =
  '/$rpc/google.internal.alkali.applications.makersuite.v1.MakerSuiteService/GenerateContent';
const LIST = GENERATE.replace('GenerateContent', 'ListModels');
const REQUEST = '["models/m",[[[[null,"hi"]],"user"]],null,[],"!",null,null,null,null,null,1]';
const CREDENTIALS = 'slot-1:secret';
const PROTOCOLS = ['h2', 'http/1.1'] as const;

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

let directory: string;
let redisServer: Awaited<ReturnType<typeof startRedis>>;
let redis: RedisConnection;
let writer: RedisConnection;
/** The authorities of the real hosts and of the proxy. */
let realCertificates: Certificates;
let certificates: Certificates;
/** The real hosts, and what they do. */
const services = { https: createHttpsServer(), http: createHttpServer() };
let answer: Handler;
let upstream: Upstream;
let proxy: StreamProxy;

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

const keep = keepForAll();
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aistudio-proxy-'));
  keep(atEnd(() => rm(directory, { recursive: true })));
  redisServer = keep(await startRedis());
  redis = keep(await connectRedis(redisServer.url));
  writer = keep(duplicateConnection(redis));
  realCertificates = await openCertificates(join(directory, 'real'));
  certificates = await openCertificates(join(directory, 'ours'));
  services.https.setSecureContext(realCertificates.forHost(RPC_HOST));
  for (const service of Object.values(services)) {
    service.on('request', (...exchange) => void answer(...exchange));
    service.listen(0, '127.0.0.1');
    keep(atEnd(() => service.close().closeAllConnections()));
    await once(service, 'listening');
  }
  keep(atEnd(stopProxy));
  await startProxy(realCertificates.ca);
});

async function startProxy(realCa: string | undefined): Promise<void> {
  const service = `127.0.0.1:${portOf(services.https)}`;
  upstream = createUpstream({
    outbound: createOutbound({
      resolve: { [`${RPC_HOST}:443`]: service, 'other.example:443': service },
    }),
    ca: realCa,
  });
  proxy = await listen({
    id: 'this one',
    host: '127.0.0.1',
    port: 0,
    intercepted: RPC_HOST,
    certificates,
    upstream,
    authenticate: createAuthenticator(redis),
    openTap: createTaps(
      createCapture(writer, silentLog),
      () => Promise.resolve(undefined),
      silentLog,
    ),
    log: silentLog,
  });
}

async function stopProxy(): Promise<void> {
  await proxy?.[Symbol.asyncDispose]();
  upstream?.[Symbol.dispose]();
}

beforeEach(async () => {
  await redis.flushall();
  await redis.set(names.slotSecret('slot-1'), createHash('sha256').update('secret').digest('hex'));
  answer = (_request, response) => void response.end();
});

const route = (
  credentials: string | undefined = CREDENTIALS,
  target = `${RPC_HOST}:443`,
): Route => ({
  proxyPort: proxy.port,
  credentials,
  target,
});
const open = (protocol: Protocol): ReturnType<typeof openTls> =>
  openTls(route(), certificates.ca, protocol);

/** The slot's records, once its exchange has ended. */
async function captured(): Promise<CaptureRecord[]> {
  for (let from = '0'; ;) {
    const entries = await redis.xrange(names.capture('slot-1'), '-', '+');
    const records = entries.flatMap(([, fields]) =>
      recordsIn(fields).map((record) => CaptureRecord.parse(JSON.parse(record))),
    );
    if (records.at(-1)?.type === 'end' || records.at(-1)?.type === 'models') return records;
    from = entries.at(-1)?.[0] ?? from;
    await redis.xread('BLOCK', 1000, 'STREAMS', names.capture('slot-1'), from);
  }
}

const eventsOf = (records: readonly CaptureRecord[]): unknown[] =>
  records.flatMap((record) => (record.type === 'event' ? [withoutId(record.event)] : []));
/** Ids that were made for calls without one differ from reading to reading. */
const withoutId = (event: object): object =>
  'id' in event && String(event.id).length > 10 ? { ...event, id: '' } : event;

function decoded(body: Buffer): unknown[] {
  const decoder = createAnswerDecoder({ status: 200 });
  return [...decoder.push(body), ...decoder.end()].map(withoutId);
}

describe.each(PROTOCOLS)('the stream proxy over %s', (protocol) => {
  it.each(vectors)(
    'relays and captures $name, whole and one byte a chunk',
    async ({ name, body }) => {
      const sizes = [body.length, 1];
      for (const size of sizes) {
        await redis.del(names.capture('slot-1'));
        answer = (_request, response) => {
          response.writeHead(200, { 'content-type': 'application/json+protobuf; charset=UTF-8' });
          for (let at = 0; at < body.length; at += size)
            response.write(body.subarray(at, at + size));
          response.end();
        };
        const exchange = post(await open(protocol), GENERATE);
        exchange.upload.end(REQUEST);
        const response = await exchange.response;
        expect(response.status).toBe(200);
        expect(await readAll(response.body)).toEqual(body);
        const records = await captured();
        expect(records.map(({ type }) => type)).toEqual([
          'request',
          'response',
          ...decoded(body).map(() => 'event'),
          'end',
        ]);
        expect(eventsOf(records)).toEqual(decoded(body));
        expect(records.at(-1)).toMatchObject({ end: name === 'e13' ? 'truncated' : 'complete' });
      }
    },
  );

  it('relays a compressed answer as it is and reads it as it comes', async () => {
    const { body } = vector('e2');
    const sent: Buffer[] = [];
    answer = (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
      gzip.on('data', (bytes: Buffer) => {
        sent.push(bytes);
        response.write(bytes);
      });
      gzip.on('end', () => response.end());
      gzip.write(body.subarray(0, 300));
      gzip.end(body.subarray(300));
    };
    const exchange = post(await open(protocol), GENERATE, {
      'accept-encoding': 'gzip, deflate, br, zstd',
    });
    exchange.upload.end(REQUEST);
    const response = await exchange.response;
    expect(response.headers['content-encoding']).toBe('gzip');
    expect(await readAll(response.body)).toEqual(Buffer.concat(sent));
    expect(eventsOf(await captured())).toEqual(decoded(body));
  });

  it('passes request and headers on unchanged, without what is the proxy’s', async () => {
    const seen = new Promise<{ headers: IncomingMessage['headers']; body: Buffer }>((resolve) => {
      answer = async (incoming, response) => {
        resolve({ headers: incoming.headers, body: await readAll(incoming) });
        response.writeHead(200, {
          'x-answer': 'a',
          'set-cookie': ['b=1', 'c=2'],
          connection: 'keep-alive',
        });
        response.end('[]');
      };
    });
    const headers = {
      'accept-encoding': 'gzip, br, zstd',
      cookie: 'd=3; e=4',
      'x-goog-authuser': '0',
    };
    const exchange = post(await open(protocol), GENERATE, headers);
    const body = Buffer.from(JSON.stringify(['models/m', 'ü'.repeat(200_000)]));
    exchange.upload.end(body);
    const { headers: answered } = await exchange.response;
    const received = await seen;
    expect(received.headers).toMatchObject({ host: RPC_HOST, ...headers });
    expect(received.body.equals(body)).toBe(true);
    expect(received.headers).not.toHaveProperty('proxy-authorization');
    expect(answered).toMatchObject({ 'x-answer': 'a', 'set-cookie': ['b=1', 'c=2'] });
  });

  it('streams both ways: neither body waits for its end', async () => {
    answer = (incoming, response) => {
      response.writeHead(200);
      incoming.on('data', (piece: Buffer) => response.write(piece));
      incoming.on('end', () => response.end());
    };
    const exchange = post(await open(protocol), '/echo');
    exchange.upload.write('one');
    const { body } = await exchange.response;
    expect(String((await once(body, 'data'))[0])).toBe('one');
    exchange.upload.write('two');
    expect(String((await once(body, 'data'))[0])).toBe('two');
    exchange.upload.end();
    await once(body, 'end');
  });

  it('drops the request to the service as soon as the browser drops its own', async () => {
    const dropped = new Promise<void>((resolve) => {
      answer = (incoming, response) => {
        incoming.resume();
        response.writeHead(200);
        response.write(vector('e1').body.subarray(0, 200));
        response.once('close', resolve);
      };
    });
    const exchange = post(await open(protocol), GENERATE);
    exchange.upload.on('error', () => undefined);
    exchange.upload.end(REQUEST);
    const { body } = await exchange.response;
    body.on('error', () => undefined);
    await once(body, 'data');
    exchange.abort();
    await dropped;
    expect((await captured()).at(-1)).toMatchObject({ type: 'end', end: 'aborted' });
  });

  it('lets the browser see that an answer broke off', async () => {
    const { body: whole } = vector('e1');
    answer = (incoming, response) => {
      incoming.resume();
      response.writeHead(200);
      response.write(whole.subarray(0, 200), () => response.destroy());
    };
    const exchange = post(await open(protocol), GENERATE);
    exchange.upload.on('error', () => undefined);
    exchange.upload.end(REQUEST);
    const { body } = await exchange.response;
    await expect(readAll(body)).rejects.toThrow(/aborted|closed|INTERNAL_ERROR/);
    const records = await captured();
    expect(records.at(-1)).toMatchObject({ type: 'end', end: 'truncated' });
    expect(eventsOf(records).at(-1)).toMatchObject({ error: { code: 'upstream_interrupted' } });
  });

  it('writes again what Redis had not taken when its connection broke', async () => {
    const { body: whole } = vector('e1');
    const id = await writer.client('ID');
    let rest = (): void => undefined;
    answer = (incoming, response) => {
      incoming.resume();
      response.writeHead(200);
      response.write(whole.subarray(0, 200));
      rest = () => void response.end(whole.subarray(200));
    };
    const exchange = post(await open(protocol), GENERATE);
    exchange.upload.end(REQUEST);
    const { body } = await exchange.response;
    await once(body, 'data');
    await redis.client('PAUSE', 60_000, 'WRITE');
    rest();
    await readAll(body);
    await redis.client('KILL', 'ID', id);
    await redis.client('UNPAUSE');
    expect(eventsOf(await captured())).toEqual(decoded(whole));
  });

  it('closes with the browser', async () => {
    const tls = await open(protocol);
    tls.end();
    await expect(once(tls.resume(), 'close')).resolves.toBeDefined();
  });

  it('records what the page asked for', async () => {
    const exchange = post(await open(protocol), `${GENERATE}?x=1`);
    exchange.upload.end(REQUEST);
    await readAll((await exchange.response).body);
    expect((await captured())[0]).toMatchObject({
      type: 'request',
      summary: { model: 'm', contentCount: 1, partCount: 1 },
    });
  });

  it('records the page’s own model list, and nothing of other calls', async () => {
    answer = (_request, response) => void response.end('[[["models/a"]]]');
    for (const path of [
      GENERATE.replace('GenerateContent', 'CountTokens'),
      '/GenerateContent/x',
      LIST,
    ]) {
      const exchange = post(await open(protocol), path);
      exchange.upload.end('[]');
      await readAll((await exchange.response).body);
    }
    expect(await captured()).toMatchObject([{ type: 'models', models: [{ id: 'a' }] }]);
  });

  it('answers 502 for a host whose certificate it cannot verify', async () => {
    await stopProxy();
    await startProxy(undefined);
    let isReached = false;
    answer = () => {
      isReached = true;
    };
    const exchange = post(await open(protocol), GENERATE);
    exchange.upload.end(REQUEST);
    expect((await exchange.response).status).toBe(502);
    expect(isReached).toBe(false);
    expect((await captured()).at(-1)).toMatchObject({ end: 'truncated' });
    await stopProxy();
    await startProxy(realCertificates.ca);
  });

  it('goes where CONNECT said, whatever the request says', async () => {
    const host = new Promise<unknown>((resolve) => {
      answer = (incoming, response) => {
        resolve(incoming.headers.host);
        response.end();
      };
    });
    const header = protocol === 'h2' ? ':authority' : 'host';
    const exchange = post(await open(protocol), '/', { [header]: 'elsewhere.example' });
    exchange.upload.end();
    expect((await exchange.response).status).toBe(200);
    expect(await host).toBe('elsewhere.example');
  });

  it('holds a fast service back for a slow browser, and loses nothing', async () => {
    const size = 64 * 1024 * 1024;
    let sent = 0;
    answer = async (_request, response) => {
      response.writeHead(200);
      for (; sent < size; sent += 65_536) {
        if (!response.write(Buffer.alloc(65_536, 'a'))) await once(response, 'drain');
      }
      response.end();
    };
    const exchange = post(await open(protocol), '/large');
    exchange.upload.end();
    const { body } = await exchange.response;
    body.pause();
    await expect(settled(() => sent)).resolves.toBeLessThan(size / 2);
    expect((await readAll(body)).length).toBe(size);
  });
});

/** A number once it stops growing. */
async function settled(read: () => number): Promise<number> {
  for (let before = -1; ;) {
    if (read() === before) return before;
    before = read();
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
  }
}

describe('the stream proxy', () => {
  it.each([undefined, 'slot-1:wrong', 'slot-2:secret', ':secret'])(
    'asks %p for credentials, for every kind of request',
    async (credentials) => {
      for (const target of [`${RPC_HOST}:443`, 'other.example:443']) {
        const refused = await connectThrough({ proxyPort: proxy.port, credentials, target });
        expect(refused).toMatchObject({ status: 407, challenge: expect.stringMatching(/^Basic /) });
      }
      const header = credentials === undefined ? {} : { 'proxy-authorization': basic(credentials) };
      expect(await plain(header)).toEqual({ status: 407, body: '' });
    },
  );

  it('relays plain requests of those it knows', async () => {
    answer = (incoming, response) =>
      void response.end(`${incoming.url} ${'proxy-authorization' in incoming.headers}`);
    expect(await plain({ 'proxy-authorization': basic(CREDENTIALS) })).toMatchObject({
      status: 200,
      body: '/path?query false',
    });
  });

  it('answers its own address itself', async () => {
    expect((await plain({}, PROXY_HOME)).status).toBe(407);
    const known = { 'proxy-authorization': basic(CREDENTIALS) };
    expect(await plain(known, PROXY_HOME)).toEqual({ status: 200, body: '' });
  });

  it('tunnels other hosts untouched', async () => {
    const tls = await openTls(route(CREDENTIALS, 'other.example:443'), realCertificates.ca).catch(
      (error: unknown) => error,
    );
    expect(String(tls)).toMatch(/other\.example.*not in the cert's altnames/i); // the host’s own certificate
  });

  it('answers 400 for what is no address and 502 for a host that is not there', async () => {
    expect((await connectThrough(route(CREDENTIALS, 'nonsense'))).status).toBe(400);
    expect((await connectThrough(route(CREDENTIALS, '127.0.0.1:1'))).status).toBe(502);
  });

  it('relays on while Redis is away', async () => {
    const { body: whole } = vector('e1');
    let resume = (): void => undefined;
    answer = (_request, response) => {
      response.writeHead(200);
      response.write(whole.subarray(0, 200));
      resume = () => response.end(whole.subarray(200));
    };
    const exchange = post(await open('h2'), GENERATE);
    exchange.upload.end(REQUEST);
    const { body } = await exchange.response;
    const first = (await once(body, 'data'))[0] as Buffer;
    writer.disconnect(true);
    resume();
    expect(Buffer.concat([first, await readAll(body)])).toEqual(whole);
    const end = (await captured()).at(-1);
    expect(end).toMatchObject({ type: 'end' });
  });
});

async function plain(
  headers: Record<string, string>,
  url = `http://127.0.0.1:${portOf(services.http)}/path?query`,
): Promise<{ status: number; body: string }> {
  const outgoing = request({ port: proxy.port, path: url, headers });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: String(await readAll(response)) };
}
