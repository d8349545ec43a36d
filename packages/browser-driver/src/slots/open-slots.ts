import { type Log, type ModelInfo } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { type BrowserHost } from '../browser/browser-host.ts';
import { createCaptureFeed } from '../captures/capture-feed.ts';
import { type StreamProxyLink } from '../captures/stream-proxy-link.ts';
import { watchModelList } from '../page/model-list-watch.ts';
import { type PackedKnowledge, wireTablesOf } from '../page/page-knowledge.ts';
import { openTab, type Tab, type TabProxy } from '../page/tab.ts';
import { type ProfileKeeper } from '../profile/profile-keeper.ts';
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
  /** `http://host:port` of the stream proxy, and whether it lives; undefined: pages never use it. */
  readonly proxy: { readonly server: string; readonly link: StreamProxyLink } | undefined;
  readonly profile: ProfileKeeper;
  /** Whether a person sees the pages. */
  readonly isVisible: boolean;
  /** The way to the person's own proxy for pages without the stream proxy; undefined: none. */
  readonly relay: TabProxy | undefined;
  readonly hasEvidence: boolean;
  /** AUTH_USER */
  readonly authUser: number;
  readonly knowledge: PackedKnowledge;
  readonly snapshotFolder: string;
  readonly onModels: (models: ModelInfo[]) => void;
  readonly log: Log;
}

/** Opens this worker's slots: with the stream proxy in between while it lives, else on their own. */
export async function openSlots(options: SlotsOptions): Promise<Slots> {
  const { redis, host, instance, count, proxy, profile, isVisible, snapshotFolder, log } = options;
  const resources: AsyncDisposable[] = [];
  const onSignedIn = (): Promise<void> => profile.save();
  const keepers = await Promise.all(
    Array.from({ length: count }, async (_, index): Promise<Omit<KeeperOptions, 'onChange'>> => {
      const id = `${instance}-${index}`;
      const common = { id, host, isVisible, onSignedIn, snapshotFolder, log };
      const openDirect = (): Promise<Tab> => openDirectTab(proxy?.link.current?.spki, options);
      if (!proxy) {
        return { ...common, captures: undefined, isProxyUp: () => false, openTab: openDirect };
      }
      const credentials = await createSlotCredentials(redis, id, log);
      const captures = createCaptureFeed(redis, id, options.onModels, log);
      resources.push(credentials, captures);
      return {
        ...common,
        captures,
        isProxyUp: () => proxy.link.current !== undefined,
        openTab(isDirect) {
          const pin = proxy.link.current?.spki;
          if (isDirect || pin === undefined) return openDirect();
          const { username, password } = credentials;
          const through = { server: proxy.server, username, password };
          return openSignedIn(pin, through, options);
        },
      };
    }),
  );
  const slots = createSlots(keepers);
  profile.watch(() => slots.renew());
  proxy?.link.watch(() => slots.reroute());
  options.knowledge.watch(() => slots.retry());
  return {
    ...slots,
    async [Symbol.asyncDispose]() {
      await slots[Symbol.asyncDispose]();
      await Promise.all(resources.map((resource) => resource[Symbol.asyncDispose]()));
    },
  };
}

/** A page on its own: what it learns about the models nobody else sees. */
async function openDirectTab(pin: string | undefined, options: SlotsOptions): Promise<Tab> {
  const tab = await openSignedIn(pin, undefined, options);
  watchModelList(tab.network, options.onModels, wireTablesOf(options.knowledge));
  return tab;
}

/** A page of the worker's sign-in, which learns what cookies the page is given. */
async function openSignedIn(
  pin: string | undefined,
  proxy: TabProxy | undefined,
  { host, profile: keeper, relay, hasEvidence, authUser, knowledge }: SlotsOptions,
): Promise<Tab> {
  const profile = await keeper.current();
  const browser = await host.get(pin);
  const tab = await openTab(browser, { proxy, relay, profile, hasEvidence, authUser, knowledge });
  const leave = keeper.join(tab.jar, profile);
  return {
    ...tab,
    async close() {
      await leave();
      await tab.close();
    },
  };
}
