import { type Log, type ModelInfo } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { type BrowserHost } from './browser-host.ts';
import { createCaptureFeed } from './capture-feed.ts';
import { watchModelList } from './page/model-list-watch.ts';
import { openTab } from './page/tab.ts';
import { watchProfile } from './profile-watch.ts';
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
  /** The signed-in profile, a file; undefined: not signed in. */
  readonly profile: string | undefined;
  readonly hasEvidence: boolean;
  readonly snapshotFolder: string;
  readonly onModels: (models: ModelInfo[]) => void;
  readonly log: Log;
}

/** Opens this worker's slots: with the stream proxy in between, or with the pages on their own. */
export async function openSlots(options: SlotsOptions): Promise<Slots> {
  const { redis, host, instance, count, proxyServer, snapshotFolder, onModels, log } = options;
  const { profile, hasEvidence } = options;
  const resources: AsyncDisposable[] = [];
  const keepers = await Promise.all(
    Array.from({ length: count }, async (_, index): Promise<Omit<KeeperOptions, 'onChange'>> => {
      const id = `${instance}-${index}`;
      const common = { id, host, snapshotFolder, log };
      if (proxyServer === undefined) {
        return {
          ...common,
          captures: undefined,
          async openTab(browser) {
            const tab = await openTab(browser, { proxy: undefined, profile, hasEvidence });
            watchModelList(tab.studio.page, onModels);
            return tab;
          },
        };
      }
      const credentials = await createSlotCredentials(redis, id, log);
      const captures = createCaptureFeed(redis, id, onModels, log);
      resources.push(credentials, captures);
      const { username, password } = credentials;
      const proxy = { server: proxyServer, username, password };
      return {
        ...common,
        captures,
        openTab: (browser) => openTab(browser, { proxy, profile, hasEvidence }),
      };
    }),
  );
  const slots = createSlots(keepers);
  if (profile !== undefined) resources.push(watchProfile(profile, () => slots.retry()));
  return {
    ...slots,
    async [Symbol.asyncDispose]() {
      await slots[Symbol.asyncDispose]();
      await Promise.all(resources.map((resource) => resource[Symbol.asyncDispose]()));
    },
  };
}
