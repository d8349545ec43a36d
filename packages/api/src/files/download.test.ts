import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo } from 'node:net';

import { createOutbound } from '@aistudio/outbound';
import { startTestProxy } from '@aistudio/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createDownload, type DownloadLimits, type Downloaded } from './download.ts';
import { PUBLIC_WEB, type Reach } from './reach.ts';

const limits: DownloadLimits = { maxBytes: 1000, timeoutMs: 5000 };
let seen: string[] = [];
let looked: string[] = [];
/** Settles when somebody asks for `/endless`. */
let begun = Promise.resolve();
let begin: (() => void) | undefined;
let closed: (() => void) | undefined;
let origin: string;

/** Only the test's own server, under any name but `inside.test`, which is another address. */
const loopback: Reach = {
  protocol: 'http:',
  isAllowed: (address) => address === '127.0.0.1',
  resolve(hostname) {
    looked.push(hostname);
    if (hostname === 'nowhere.test') return Promise.reject(new Error('ENOTFOUND'));
    const inside = { address: '127.0.0.2', family: 4 };
    const outside = { address: '127.0.0.1', family: 4 };
    if (hostname === 'inside.test') return Promise.resolve([inside]);
    if (hostname === 'both.test') return Promise.resolve([outside, inside]);
    // What a DNS that changes its mind says the second time.
    const isAgain = looked.filter((name) => name === hostname).length > 1;
    return Promise.resolve([hostname === 'fickle.test' && isAgain ? inside : outside]);
  },
};

const answer: RequestListener = (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
  seen.push(pathname);
  const to = searchParams.get('to');
  const hops = Number(searchParams.get('hops') ?? 0);
  if (to) response.writeHead(302, { location: to }).end('moved');
  else if (hops > 0) response.writeHead(307, { location: `/hop?hops=${hops - 1}` }).end();
  else if (pathname === '/missing') response.writeHead(404).end('no');
  else if (pathname === '/later') void begun.then(() => response.writeHead(404).end('no'));
  else if (pathname === '/large') response.end('x'.repeat(1001));
  else if (pathname === '/unsized') {
    response.write('x'.repeat(600));
    response.end('x'.repeat(600));
  } else if (pathname === '/half') response.end('x'.repeat(600));
  else if (pathname === '/zipped') response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
  else if (pathname === '/cut') response.write('x', () => response.destroy());
  else if (pathname === '/endless') {
    response.write('x', () => begin?.());
    response.once('close', () => closed?.());
  } else response.writeHead(200, { 'content-type': 'image/png' }).end(`at ${pathname}`);
};

const server = createServer(answer);
const direct = createOutbound({});
const guarded = createDownload(limits, direct, loopback);

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://files.test:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await guarded[Symbol.asyncDispose]();
  server.closeAllConnections();
  server.close();
});

const never = new AbortController().signal;
const fetchOne = async (url: string, signal = never): Promise<Downloaded | undefined> =>
  (await guarded.download([url], signal)).get(url);
/** `path` on the same server under another name. */
const at = (host: string, path = '/a'): string => origin.replace('files.test', host) + path;

describe('a download', () => {
  it('gives bytes and declared type, each address once', async () => {
    seen = [];
    const urls = [`${origin}/a`, `${origin}/b`, `${origin}/a`];
    const files = await guarded.download(urls, never);
    expect([...files.keys()]).toEqual([`${origin}/a`, `${origin}/b`]);
    expect(files.get(`${origin}/b`)).toEqual({
      bytes: Buffer.from('at /b'),
      contentType: 'image/png',
    });
    expect(seen.toSorted()).toEqual(['/a', '/b']);
  });

  it('follows five redirects and no more', async () => {
    expect((await fetchOne(`${origin}/hop?hops=5`))?.bytes.toString()).toBe('at /hop');
    await expect(fetchOne(`${origin}/hop?hops=6`)).rejects.toThrow('redirected more than 5 times');
  });

  it.each([
    ['/missing', 'answered 404'],
    ['/large', '1000 bytes'],
    ['/unsized', '1000 bytes'],
    ['/zipped', 'compressed'],
    ['/cut', 'could not be reached'],
  ])('fails at %s: %s', async (path, message) => {
    const failed = fetchOne(origin + path);
    await expect(failed).rejects.toMatchObject({ name: 'DownloadError', url: origin + path });
    await expect(failed).rejects.toThrow(message);
  });

  it('counts the bytes of one request’s files together', async () => {
    expect((await fetchOne(`${origin}/half`))?.bytes).toHaveLength(600);
    const both = guarded.download([`${origin}/half`, `${origin}/half?again`], never);
    await expect(both).rejects.toThrow('1000 bytes together');
  });

  it('ends with its time, with the client, and with another that fails', async () => {
    await using hasty = createDownload({ ...limits, timeoutMs: 50 }, direct, loopback);
    await expect(hasty.download([`${origin}/endless`], never)).rejects.toThrow('within 0.05 s');

    const client = new AbortController();
    const reading = fetchOne(`${origin}/endless`, client.signal);
    setImmediate(() => client.abort(new Error('the client left')));
    await expect(reading).rejects.toThrow('the client left');

    const cut = new Promise<void>((resolve) => (closed = resolve));
    begun = new Promise((resolve) => (begin = resolve));
    const urls = [`${origin}/endless`, `${origin}/later`];
    await expect(guarded.download(urls, never)).rejects.toThrow('answered 404');
    await cut;
  });
});

describe('a download by way of the person’s own proxy', () => {
  it('has the name checked here and looked up by the proxy', async () => {
    const { port } = server.address() as AddressInfo;
    const credentials = { username: 'me', password: 'secret' };
    await using proxy = await startTestProxy({
      protocol: 'http',
      credentials,
      find: () => ({ host: '127.0.0.1', port }),
    });
    const outbound = createOutbound({ httpProxy: proxy.url });
    await using proxied = createDownload(limits, outbound, loopback);
    const url = at('files.test');
    const files = await proxied.download([url], never);
    expect(files.get(url)?.bytes.toString()).toBe('at /a');
    expect(proxy.asked).toEqual([`files.test:${port}`]);

    for (const host of ['inside.test', 'both.test', '127.0.0.2', '10.0.0.1', '[fd00::1]']) {
      await expect(proxied.download([at(host)], never)).rejects.toThrow('public internet');
    }
    await expect(proxied.download([at('nowhere.test')], never)).rejects.toThrow('not known');
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('what is out of reach', () => {
  it.each(['inside.test', 'both.test', '127.0.0.2', '127.2', '[::1]', '[::ffff:127.0.0.1]'])(
    'is not asked: %s, directly or by a redirect',
    async (host) => {
      seen = [];
      await expect(fetchOne(at(host))).rejects.toThrow('not on the public internet');
      expect(seen).toEqual([]);
      const redirect = `${origin}/from?to=${encodeURIComponent(at(host))}`;
      await expect(fetchOne(redirect)).rejects.toThrow('not on the public internet');
      expect(seen).toEqual(['/from']);
    },
  );

  it('stays so when the DNS changes its mind: the address that was checked is the one in use', async () => {
    looked = [];
    expect((await fetchOne(at('fickle.test')))?.bytes.toString()).toBe('at /a');
    expect(looked).toEqual(['fickle.test']);
  });

  it.each([
    ['https://files.test/a', 'only http://'],
    ['file:///etc/passwd', 'only http://'],
    ['http://user:secret@files.test/a', 'user name or password'],
    ['http://', 'not an address'],
    ['http://nowhere.test/', 'host name is not known'],
  ])('is refused by its spelling: %s', async (url, message) => {
    await expect(fetchOne(url)).rejects.toThrow(message);
    const redirect = `${origin}/from?to=${encodeURIComponent(url)}`;
    await expect(fetchOne(redirect)).rejects.toThrow(message);
  });

  it('is, without a test’s own reach, all but https on the public internet', async () => {
    await using real = createDownload(limits, direct);
    const failure = (url: string): Promise<unknown> => real.download([url], never);
    await expect(failure(origin)).rejects.toThrow('only https://');
    await expect(failure('https://127.0.0.1/')).rejects.toThrow('not on the public internet');
    await expect(failure('https://localhost/')).rejects.toThrow('not on the public internet');
    expect(PUBLIC_WEB.isAllowed('10.0.0.1')).toBe(false);
  });
});
