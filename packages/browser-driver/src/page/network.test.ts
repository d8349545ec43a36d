import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { type Exchange, followNetwork, type NetworkSession } from './network.ts';

/** A CDP session that answers with these bodies, and everything that is seen of its network. */
function start(bodies: Readonly<Record<string, unknown>> = {}): {
  session: EventEmitter;
  seen: [event: string, exchange: Exchange][];
} {
  const session = Object.assign(new EventEmitter(), {
    async send(method: string): Promise<unknown> {
      if (!(method in bodies)) throw new Error('No data found');
      return bodies[method];
    },
  });
  const network = followNetwork(session as unknown as NetworkSession);
  const seen: [string, Exchange][] = [];
  for (const event of ['request', 'response', 'finished', 'failed'] as const) {
    network.on(event, (exchange) => seen.push([event, exchange]));
  }
  return { session, seen };
}
const request = { url: 'https://a.test/x', method: 'POST', hasPostData: true };

describe('the network of a page', () => {
  it('is each request, its head and its end', () => {
    const { session, seen } = start();
    session.emit('Network.requestWillBeSent', { requestId: '1', request });
    const response = { status: 429, headers: { 'Retry-After': '7' } };
    session.emit('Network.responseReceived', { requestId: '1', response });
    session.emit('Network.loadingFinished', { requestId: '1' });
    expect(seen.map(([event]) => event)).toEqual(['request', 'response', 'finished']);
    expect(seen.at(-1)?.[1]).toMatchObject({
      url: 'https://a.test/x',
      method: 'POST',
      response: { status: 429, headers: { 'retry-after': '7' } },
    });
  });

  it('says why a request failed', () => {
    const { session, seen } = start();
    session.emit('Network.requestWillBeSent', { requestId: '1', request });
    session.emit('Network.loadingFailed', { requestId: '1', errorText: 'net::ERR_FAILED' });
    expect(seen.at(-1)).toMatchObject(['failed', { failure: 'net::ERR_FAILED' }]);
  });

  it('sees a redirect as an exchange of its own', () => {
    const { session, seen } = start();
    session.emit('Network.requestWillBeSent', { requestId: '1', request });
    session.emit('Network.requestWillBeSent', {
      requestId: '1',
      request: { ...request, url: 'https://a.test/y' },
      redirectResponse: { status: 302, headers: {} },
    });
    expect(seen.map(([event, { url }]) => `${event} ${url}`)).toEqual([
      'request https://a.test/x',
      'response https://a.test/x',
      'finished https://a.test/x',
      'request https://a.test/y',
    ]);
  });

  it('reads bodies, also such as are no text', async () => {
    const { session, seen } = start({
      'Network.getRequestPostData': { postData: 'ä', base64Encoded: false },
      'Network.getResponseBody': { body: '/w==', base64Encoded: true },
    });
    session.emit('Network.requestWillBeSent', { requestId: '1', request });
    const [, exchange] = seen[0]!;
    expect(await exchange.readRequest()).toEqual(Buffer.from('ä'));
    expect(await exchange.readResponse()).toEqual(Buffer.from([0xff]));
  });

  it('has no body where the browser has none', async () => {
    const { session, seen } = start();
    session.emit('Network.requestWillBeSent', { requestId: '1', request });
    const [, exchange] = seen[0]!;
    expect([await exchange.readRequest(), await exchange.readResponse()]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

/** For the time of one recording, and for one visit of the doctor. */
const MAY_LISTEN = [join('page', 'recording', 'watch-calls.ts'), join('page', 'wire-look.ts')];

describe('the driver', () => {
  it('does not listen to the requests of a page that stays open by Playwright, which keeps them', () => {
    const folder = join(import.meta.dirname, '..');
    const isListening = (file: string): boolean =>
      /(page|context)\.(on|once)\('(request|response)/.test(
        readFileSync(join(folder, file), 'utf8'),
      );
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const listening = files.filter((file) => /(?<!\.test)\.ts$/.test(file) && isListening(file));
    expect(listening.filter((file) => !MAY_LISTEN.includes(file))).toEqual([]);
  });
});
