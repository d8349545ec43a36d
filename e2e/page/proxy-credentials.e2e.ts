import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

import { silentLog } from '@aistudio/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { type Browser, launchBrowser } from '../../packages/browser-driver/src/browser/browser.ts';
import { openTab } from '../../packages/browser-driver/src/page/tab.ts';
import { basic } from '../support/proxy-client.ts';

const CREDENTIALS = { username: 'slot', password: 'secret' };

/** What was asked of the proxy with the credentials, and without. */
const known: string[] = [];
const strange: string[] = [];
let proxy: Server;
let browser: Browser;

const isKnown = ({ url = '', headers }: IncomingMessage): boolean => {
  const given = headers['proxy-authorization'];
  const isRight = given === basic(`${CREDENTIALS.username}:${CREDENTIALS.password}`);
  (isRight ? known : strange).push(url);
  return isRight;
};
const CHALLENGE = { 'proxy-authenticate': 'Basic realm="proxy"' };

beforeAll(async () => {
  proxy = createServer((request, response) => {
    if (isKnown(request)) response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hello');
    else response.writeHead(407, CHALLENGE).end();
  });
  proxy.on('connect', (request, socket) => {
    const status = isKnown(request) ? '502 Bad Gateway' : '407 Proxy Authentication Required';
    const challenge = `proxy-authenticate: ${CHALLENGE['proxy-authenticate']}`;
    socket.end(`HTTP/1.1 ${status}\r\n${challenge}\r\ncontent-length: 0\r\n\r\n`);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const options = { chromiumPath: undefined, isHeadless: true, pins: [], resolve: {} };
  browser = await launchBrowser({ ...options, isClosed: true }, silentLog);
}, 60_000);
afterAll(async () => {
  await browser.close();
  proxy.close();
});

it('are shown once, and from then on go with every request of the page', async () => {
  const { port } = proxy.address() as AddressInfo;
  const through = { server: `http://127.0.0.1:${port}`, ...CREDENTIALS };
  const tab = await openTab(browser, { proxy: through, profile: undefined, hasEvidence: false });
  const { page } = tab.studio;
  expect(strange).toHaveLength(1);
  expect((await page.goto('http://plain.test/'))?.status()).toBe(200);
  await page.goto('https://encrypted.test/').catch(() => undefined); // there is nothing behind it
  expect(known).toEqual(expect.arrayContaining(['http://plain.test/', 'encrypted.test:443']));
  expect(strange).toHaveLength(1);
  await tab.close();
});

it('are known to the page’s own context alone', async () => {
  const { port } = proxy.address() as AddressInfo;
  const context = await browser.newContext({ proxy: { server: `http://127.0.0.1:${port}` } });
  const page = await context.newPage();
  const reply = await page.goto('http://stranger.test/').catch(() => undefined);
  expect(reply?.ok()).not.toBe(true);
  expect(known).not.toContain('http://stranger.test/');
  expect(strange).toContain('http://stranger.test/');
  await context.close();
});
