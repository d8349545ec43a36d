import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

import { startTestProxy, type TestProxy } from '@aistudio/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ask } from '../support/asking.ts';
import { freePorts } from '../support/demo-command.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Each test starts a system of its own, ms. */
const START_AND_ASK_MS = 120_000;
/** A name that only the proxy knows. */
const HELPER = 'helper.test';
const PAGE = 'aistudio.google.com:443';

/** Answers as a helper would, once. */
const helper = createServer((request, response) => {
  request.resume();
  response.writeHead(helperIsOff ? 503 : 200, { 'content-type': 'text/event-stream' });
  const chunk = { choices: [{ index: 0, delta: { content: 'from afar' }, finish_reason: 'stop' }] };
  response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
});
let helperIsOff = false;
let helperPort: number;

beforeAll(async () => {
  await once(helper.listen(0, '127.0.0.1'), 'listening');
  helperPort = (helper.address() as AddressInfo).port;
});
afterAll(() => {
  helper.closeAllConnections();
  helper.close();
});

/** The whole system, which reaches the simulator and the helper by way of the proxy alone. */
async function start(
  protocol: 'http' | 'socks5',
  env: Readonly<Record<string, string>>,
): Promise<{ proxy: TestProxy; credentials: { password: string }; stack: Stack }> {
  const [simPort = 0] = await freePorts(1);
  const credentials = { username: 'me', password: 'p@ss:word' };
  const proxy = await startTestProxy({
    protocol,
    credentials,
    find: ({ host }) => ({ host: '127.0.0.1', port: host === HELPER ? helperPort : simPort }),
  });
  const stack = await startStack({
    env: {
      UNIFIED_PROXY_CONFIG: proxy.url.href,
      SIM_PORT: String(simPort),
      AI_STUDIO_RESOLVE: 'nowhere.test:443=127.0.0.1:1', // the proxy is the one to know
      ...env,
    },
  }).catch(async (error: unknown) => {
    await proxy[Symbol.asyncDispose]();
    throw error;
  });
  return { proxy, credentials, stack };
}

describe('a proxy that speaks HTTP, behind the stream proxy', () => {
  it(
    'carries everything; when it refuses the credentials, error and log say so',
    async () => {
      const started = await start('http', { NO_PROXY: 'www.gstatic.com' });
      await using proxy = started.proxy;
      await using stack = started.stack;
      const { credentials } = started;
      const answered = await ask(stack.baseUrl, 'echo: well');
      expect(answered).toMatchObject({ text: 'well', tier: 'stream-proxy' });
      expect(proxy.asked).toContain(PAGE);
      expect(proxy.asked).toContain('alkalimakersuite-pa.clients6.google.com:443');
      expect(proxy.asked).not.toContain('www.gstatic.com:443');

      credentials.password = 'changed';
      proxy.cut();
      // The page's request breaks off, or the one that it asks leave with before.
      const { failure } = await ask(stack.baseUrl, 'echo: well');
      expect(failure).toMatch(/^upstream_(error|interrupted)$/);
      expect(stack.logs()).toContain(
        `The proxy at ${proxy.url.host} refuses its user name or password`,
      );
      expect(stack.logs()).not.toMatch(/p@ss:word|p%40ss/);
    },
    START_AND_ASK_MS,
  );
});

describe('a proxy that speaks SOCKS 5, without the stream proxy', () => {
  it(
    'carries what the browser and the helper ask',
    async () => {
      const started = await start('socks5', {
        STREAM_PORT: '0',
        HELPER_ENDPOINT: `http://${HELPER}/v1`,
      });
      await using proxy = started.proxy;
      await using stack = started.stack;
      const helped = await ask(stack.baseUrl, 'echo: well');
      expect(helped).toMatchObject({ text: 'from afar', tier: 'helper' });
      helperIsOff = true;
      const answered = await ask(stack.baseUrl, 'echo: well');
      expect(answered).toMatchObject({ text: 'well', tier: 'dom' });
      expect(proxy.asked).toContain(`${HELPER}:80`);
      expect(proxy.asked).toContain(PAGE);
    },
    START_AND_ASK_MS,
  );
});
