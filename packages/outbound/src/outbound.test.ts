import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';

import { startTestProxy, type TestProxy } from '@aistudio/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, request } from 'undici';

import { type Address, formatAddress } from './address.ts';
import { createConnector } from './connector.ts';
import { createOutbound, type Outbound } from './outbound.ts';
import { ProxyError } from './proxy-error.ts';

const credentials = { username: 'me', password: 'p@ss:word/é' };
const target = { host: 'far.test', port: 80 };
/** Only the proxies know where `far.test` is. */
const site = createServer((_request, response) => void response.end('from afar'));
let here: Address;
const find = ({ host }: Address): Address | undefined => (host === 'far.test' ? here : undefined);

beforeAll(async () => {
  await once(site.listen(0, '127.0.0.1'), 'listening');
  here = { host: '127.0.0.1', port: (site.address() as AddressInfo).port };
});
afterAll(() => {
  site.closeAllConnections();
  site.close();
});

const through = (httpProxy: URL): Outbound => createOutbound({ httpProxy, httpsProxy: httpProxy });

async function ask(outbound: Outbound, host = 'far.test'): Promise<string> {
  const dispatcher = new Agent({ connect: createConnector(outbound, { timeout: 2000 }) });
  try {
    return await (await request(`http://${host}/`, { dispatcher })).body.text();
  } finally {
    await dispatcher.destroy();
  }
}

describe.each(['http', 'socks5'] as const)('a proxy that speaks %s', (protocol) => {
  const start = (): Promise<TestProxy> => startTestProxy({ protocol, credentials, find });

  it('is given the name and its credentials', async () => {
    await using proxy = await start();
    expect(await ask(through(proxy.url))).toBe('from afar');
    expect(proxy.asked).toEqual(['far.test:80']);
  });

  it('that refuses the credentials is named without them', async () => {
    await using proxy = await start();
    for (const password of ['wrong', '']) {
      const url = new URL(proxy.url);
      url.password = password;
      if (password === '') url.username = '';
      const failure = await through(url)
        .connect(target)
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ProxyError);
      const { message, stack } = failure as ProxyError;
      expect(message).toContain(`The proxy at ${url.host} refuses its user name or password`);
      expect(JSON.stringify([message, stack, failure])).not.toContain('wrong');
    }
    expect(proxy.asked).toEqual([]);
  });

  it('that finds no way, or is not there, is named', async () => {
    await using proxy = await start();
    const outbound = through(proxy.url);
    const lost = outbound.connect({ host: 'lost.test', port: 443 });
    await expect(lost).rejects.toThrow(`${proxy.url.host} does not connect to lost.test:443`);
    await proxy[Symbol.asyncDispose]();
    await expect(outbound.connect(target)).rejects.toThrow(/cannot be reached .*ECONNREFUSED/);
  });

  it('that never answers costs its time and no more', async () => {
    await using silent = createTcpServer((socket) => void socket.resume());
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    const outbound = through(new URL(`${protocol}://127.0.0.1:${port}`));
    await expect(outbound.connect(target, { timeoutMs: 50 })).rejects.toThrow(ProxyError);
  });
});

describe('the way to the outside', () => {
  it('is direct to this machine and to what is mapped', async () => {
    await using proxy = await startTestProxy({ protocol: 'http', find });
    const httpProxy = proxy.url;
    const resolve = { 'far.test:80': formatAddress(here) };
    const outbound = createOutbound({ httpProxy, resolve });
    const socket = await outbound.connect({ host: 'FAR.test', port: 80 }, { isEncrypted: false });
    expect(socket.remotePort).toBe(here.port);
    socket.destroy();
    expect(await ask(through(httpProxy), formatAddress(here))).toBe('from afar');
    expect(proxy.asked).toEqual([]);
  });

  it('is the one that NO_PROXY leaves', async () => {
    await using proxy = await startTestProxy({ protocol: 'http', find });
    const outbound = createOutbound({ httpProxy: proxy.url, noProxy: ['far.test'] });
    await expect(ask(outbound)).rejects.toMatchObject({
      code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
    });
    expect(proxy.asked).toEqual([]);
  });
});
