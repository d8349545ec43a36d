import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

import { PROXY_ID_HEADER, type ProcessStatus } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Redis } from 'ioredis';

import { askForId, linkStreamProxy, type StreamProxyLink } from './stream-proxy-link.ts';

const proxy = (id: string, isDraining = false): ProcessStatus => ({
  kind: 'stream-proxy',
  instance: id,
  at: 0,
  ready: true,
  detail: { id, port: 3120, spki: `key of ${id}`, isDraining },
});
const address = { host: 'here', port: 3120 };

let link: StreamProxyLink;
afterEach(async () => {
  await link?.[Symbol.asyncDispose]();
});

/** Links with the proxy at our address, where `there` answers, while these live. */
async function linkWith(
  living: ProcessStatus[],
  there: () => string | undefined,
): Promise<StreamProxyLink> {
  const redis = {
    aistudioReadEntries: async () => living.map((status) => JSON.stringify(status)),
  } as unknown as Redis;
  link = await linkStreamProxy({ redis, address, ask: async () => there(), log: silentLog });
  return link;
}

describe('the link with the stream proxy', () => {
  it('is with the one at our address, not with the first of several', async () => {
    await linkWith([proxy('one'), proxy('ours'), proxy('three')], () => 'ours');
    expect(link.current).toMatchObject({ id: 'ours', port: 3120, spki: 'key of ours' });
  });

  it('is with none where another system’s proxy answers', async () => {
    await linkWith([proxy('one')], () => 'a stranger');
    expect(link.current).toBeUndefined();
  });

  it('follows when another proxy takes the place of ours', async () => {
    const living = [proxy('ours')];
    let there = 'ours';
    await linkWith(living, () => there);
    const changed = new Promise<void>((resolve) => link.watch(resolve));
    living.splice(0, 1, proxy('next'));
    there = 'next';
    await changed;
    expect(link.current?.spki).toBe('key of next');
  });
});

it('sends nothing new through a proxy that stops, but hears of what passes there already', async () => {
  const living = [proxy('ours')];
  let there: string | undefined = 'ours';
  await linkWith(living, () => there);
  const changed = new Promise<void>((resolve) => link.watch(resolve));
  living.splice(0, 1, proxy('ours', true));
  there = undefined; // it listens no more
  await changed;
  expect([link.current, link.isUp]).toEqual([undefined, true]);
});

describe('askForId', () => {
  it('learns it from the refusal of a request without credentials', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(407, { [PROXY_ID_HEADER]: 'abc' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await askForId({ host: '127.0.0.1', port })).toBe('abc');
    await new Promise((resolve) => server.close(resolve));
    expect(await askForId({ host: '127.0.0.1', port })).toBeUndefined();
  });
});
