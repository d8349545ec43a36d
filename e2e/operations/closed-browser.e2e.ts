import { once } from 'node:events';
import { createServer, request as forward, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

import { silentLog } from '@aistudio/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Page } from 'playwright';

import { type Browser, launchBrowser } from '../../packages/browser-driver/src/browser/browser.ts';
import { openTab, type Tab } from '../../packages/browser-driver/src/page/tab.ts';

const SITE = 'http://site.example/';
const VIA = 'x-via-proxy';

let site: Server;
let proxy: Server;
let browser: Browser;
let lookAtBrowser: () => void;
/** How the requests came to the site. */
let ways: ('proxy' | 'direct')[] = [];

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  site = createServer(({ headers, url }, response) => {
    if (url?.startsWith('/look')) ways.push(VIA in headers ? 'proxy' : 'direct');
    response.setHeader('content-type', 'text/html');
    response.end('<p>hello');
  }).listen(0, '127.0.0.1');
  proxy = createServer(({ url = '', headers }, response) => {
    const { pathname: path } = new URL(url);
    const options = { port: portOf(site), path, headers: { ...headers, [VIA]: '1' } };
    forward(options, (answer) => answer.pipe(response)).end();
  }).listen(0, '127.0.0.1');
  await Promise.all([once(site, 'listening'), once(proxy, 'listening')]);
  // The watch over the browser looks when a test says so: what happens before is to be seen.
  const interval = jest.spyOn(globalThis, 'setInterval').mockImplementation((look) => {
    lookAtBrowser = look;
    return setTimeout(() => undefined);
  });
  browser = await launchBrowser(
    {
      chromiumPath: undefined,
      isHeadless: true,
      isClosed: true,
      pins: [],
      resolve: { 'site.example:80': `127.0.0.1:${portOf(site)}` },
    },
    silentLog,
  );
  interval.mockRestore();
});
afterAll(async () => {
  await browser.close();
  for (const server of [site, proxy]) {
    server.closeAllConnections();
    server.close();
  }
});
beforeEach(() => {
  ways = [];
});

const open = async (isProxied: boolean): Promise<Tab> => {
  const server = `http://127.0.0.1:${portOf(proxy)}`;
  const way = isProxied ? { server, username: 'slot', password: 'secret' } : undefined;
  const tab = await openTab(browser, { proxy: way, profile: undefined, hasEvidence: false });
  await tab.studio.page.goto(SITE);
  return tab;
};
/** Lets the page ask once; whether it got an answer. */
const ask = (page: Page): Promise<boolean> =>
  page.evaluate(() =>
    fetch(`/look?${Math.random()}`).then(
      () => true,
      () => false,
    ),
  );

describe('a browser that is closed', () => {
  it('goes through the proxy of a page, or directly where a page has none', async () => {
    const proxied = await open(true);
    const direct = await open(false);
    expect([await ask(proxied.studio.page), await ask(direct.studio.page)]).toEqual([true, true]);
    expect(ways).toEqual(['proxy', 'direct']);
    await Promise.all([proxied.close(), direct.close()]);
  });

  it('never goes past a page’s proxy when its network service was killed, and gives the page up', async () => {
    const { studio, lost } = await open(true);
    const session = await browser.newBrowserCDPSession();
    const networkService = async (): Promise<number | undefined> => {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      return processInfo.find(({ type }) => type.startsWith('network.'))?.id;
    };
    const killed = (await networkService())!;
    process.kill(killed, 'SIGKILL');
    const replaced = async (): Promise<boolean> =>
      ![undefined, killed].includes(await networkService());
    while (!(await replaced())) await ask(studio.page); // which has another one started
    expect(await ask(studio.page)).toBe(false);
    expect(lost.aborted).toBe(false); // the watch has not looked yet
    expect(ways).not.toContain('direct');
    const given = once(lost, 'abort');
    lookAtBrowser();
    await given;
    const next = await open(true);
    ways = [];
    expect(await ask(next.studio.page)).toBe(true);
    expect(ways).toEqual(['proxy']);
    await next.close();
  });
});
