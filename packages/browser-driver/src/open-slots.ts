import { type Log, type ModelInfo } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { type BrowserHost } from './browser-host.ts';
import { createCaptureFeed } from './capture-feed.ts';
import { watchModelList } from './page/model-list-watch.ts';
import { openTab } from './page/tab.ts';
import { createSlotCredentials } from './slot-credentials.ts';
import { type KeeperOptions } from './slot-keeper.ts';
import { createSlots, type Slots } from './slots.ts';

/** What slots are made of. */
export interface SlotsOptions {
  readonly redis: Redis;
  readonly host: BrowserHost;
  /** Makes ids unique over all workers. */
  readonly instance: string;
  readonly count: number;
  /** `http://host:port` of the stream proxy; undefined: none. */
  readonly proxyServer: string | undefined;
  readonly onModels: (models: ModelInfo[]) => void;
  readonly log: Log;
}

/** Opens this worker's slots: with the stream proxy in between, or with the pages on their own. */
export async function openSlots(options: SlotsOptions): Promise<Slots> {
  const { redis, host, instance, count, proxyServer, onModels, log } = options;
  const resources: AsyncDisposable[] = [];
  const keepers = await Promise.all(
    Array.from({ length: count }, async (_, index): Promise<Omit<KeeperOptions, 'onChange'>> => {
      const id = `${instance}-${index}`;
      if (proxyServer === undefined) {
        return {
          id,
          host,
          captures: undefined,
          async openTab(browser) {
            const tab = await openTab(browser, undefined);
            watchModelList(tab.studio.page, onModels);
            return tab;
          },
          log,
        };
      }
      const credentials = await createSlotCredentials(redis, id, log);
      const captures = createCaptureFeed(redis, id, onModels, log);
      resources.push(credentials, captures);
      const { username, password } = credentials;
      return {
        id,
        host,
        captures,
        openTab: (browser) => openTab(browser, { server: proxyServer, username, password }),
        log,
      };
    }),
  );
  const slots = createSlots(keepers);
  return {
    ...slots,
    async [Symbol.asyncDispose]() {
      await slots[Symbol.asyncDispose]();
      await Promise.all(resources.map((resource) => resource[Symbol.asyncDispose]()));
    },
  };
}
