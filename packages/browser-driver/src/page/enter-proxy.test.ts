import { EventEmitter } from 'node:events';

import { PROXY_HOME } from '@aistudio/core';
import { beforeEach, expect, it } from '@jest/globals';
import { type Page } from 'playwright';

import { enterProxy } from './enter-proxy.ts';

/** What was asked of the browser, in order: methods of its protocol, and addresses gone to. */
let asked: unknown[];
let events: EventEmitter;
let goTo: () => Promise<void>;
beforeEach(() => {
  asked = [];
  events = new EventEmitter();
  goTo = () => Promise.resolve();
});

const enter = (): Promise<void> => {
  const session = {
    on: events.on.bind(events),
    async send(method: string, params?: object) {
      asked.push(params ? [method, params] : method);
    },
    async detach() {
      asked.push('detach');
    },
  };
  const page = {
    context: () => ({ newCDPSession: () => Promise.resolve(session) }),
    async goto(address: string) {
      asked.push(address);
      await goTo();
    },
  } as unknown as Page;
  return enterProxy(page, { username: 'slot', password: 'secret' });
};
const challenge = (requestId: string, source: 'Proxy' | 'Server'): unknown =>
  events.emit('Fetch.authRequired', { requestId, authChallenge: { source } });
const answers = (): unknown[] =>
  asked.flatMap((one) =>
    Array.isArray(one) && String(one[0]).endsWith('WithAuth') ? [one[1]] : [],
  );

it('stops requests for the proxy’s own address alone, and none afterwards', async () => {
  await enter();
  const patterns = [{ urlPattern: `${PROXY_HOME}*` }];
  expect(asked).toEqual([
    ['Fetch.enable', { handleAuthRequests: true, patterns }],
    PROXY_HOME,
    'Fetch.disable',
    'detach',
  ]);
});

it('shows the credentials once to the proxy, and to no site', async () => {
  goTo = async () => {
    challenge('1', 'Proxy');
    challenge('1', 'Proxy');
    challenge('2', 'Server');
  };
  await enter();
  const shown = { response: 'ProvideCredentials', username: 'slot', password: 'secret' };
  const cancelled = { response: 'CancelAuth' };
  expect(answers()).toEqual([
    { requestId: '1', authChallengeResponse: shown },
    { requestId: '1', authChallengeResponse: cancelled },
    { requestId: '2', authChallengeResponse: cancelled },
  ]);
});

it('leaves a proxy that is away for the page to find out', async () => {
  goTo = () => Promise.reject(new Error('net::ERR_PROXY_CONNECTION_FAILED'));
  await enter();
  expect(asked.slice(-2)).toEqual(['Fetch.disable', 'detach']);
});
