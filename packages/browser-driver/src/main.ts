/* oxlint-disable no-unused-vars -- `using` holds what runs by itself until the end */
import { randomBytes } from 'node:crypto';

import {
  connectRedis,
  createLogger,
  type DriverDetail,
  failPlainly,
  findProfile,
  loadConfig,
  publishStatus,
  reportReady,
  StudioError,
  untilStopped,
  watchEventLoop,
} from '@aistudio/core';
import { createHelperClient } from '@aistudio/helper-client';
import { createOutbound, listenRelay, toProxySettings } from '@aistudio/outbound';

import { createBrowserHost } from './browser/browser-host.ts';
import { launchBrowser, pinOf } from './browser/browser.ts';
import { startCanary } from './canary/canary.ts';
import { linkStreamProxy } from './captures/stream-proxy-link.ts';
import { subscribeCancellations } from './job/cancellations.ts';
import { KnownFailures } from './job/known-failures.ts';
import { openAccountModels, readExcludedModels } from './model-list.ts';
import { openKnowledge } from './page/page-knowledge.ts';
import { openProfileKeeper } from './profile/profile-keeper.ts';
import { createProfileOwner } from './profile/profile-owner.ts';
import { BackgroundJobs } from './queue/background-jobs.ts';
import { openJobQueue } from './queue/job-queue.ts';
import { realJobWaits } from './queue/real-job-waits.ts';
import { watchWorkers } from './queue/worker-pool.ts';
import { openSlots } from './slots/open-slots.ts';
import { recordSlots } from './slots/record-slots.ts';
import { createDomTier } from './tiers/dom-tier.ts';
import { createHelperTier } from './tiers/helper-tier.ts';
import { createProxyTier } from './tiers/proxy-tier.ts';
import { createWorker } from './worker.ts';

failPlainly();
const config = loadConfig();
const log = createLogger('browser-driver', {
  level: config.LOG_LEVEL,
  format: config.LOG_FORMAT,
  file: config.LOG_FILE,
});
using eventLoop = watchEventLoop(log);
if (!config.REDIS_URL)
  throw new StudioError(
    'not_ready',
    'REDIS_URL is not set: say where Redis is. `pnpm start` starts one of its own.',
  );
await using redis = await connectRedis(config.REDIS_URL);

const excluded = readExcludedModels(config.EXCLUDED_MODELS_FILENAME);
const limits = {
  firstTokenMs: config.FIRST_TOKEN_TIMEOUT_MS,
  silenceMs: config.SILENCE_TIMEOUT_MS,
};
const instance = randomBytes(4).toString('hex');
const outbound = createOutbound({
  ...toProxySettings(config),
  resolve: config.AI_STUDIO_RESOLVE,
});
await using relay = outbound.hasProxy ? await listenRelay(outbound, log) : undefined;
const proxyAddress = { host: config.STREAM_HOST, port: config.STREAM_PORT };
await using link =
  config.STREAM_PORT === 0
    ? undefined
    : await linkStreamProxy({ redis, address: proxyAddress, log });
await using host = createBrowserHost(
  (pin) =>
    launchBrowser(
      {
        chromiumPath: config.CHROMIUM_PATH,
        isSandboxed: config.CHROMIUM_SANDBOX,
        isHeadless: config.HEADLESS,
        isClosed: true,
        pins: [
          ...(pin === undefined ? [] : [pin]),
          ...(config.AI_STUDIO_CA ? [pinOf(config.AI_STUDIO_CA)] : []),
        ],
        resolve: config.AI_STUDIO_RESOLVE, // pages behind a proxy leave this to it
      },
      log,
    ),
  log,
);
using knowledge = await openKnowledge({ path: config.PAGE_PACK, log });
await using owner = createProfileOwner(redis, instance, log);
await using profile = await openProfileKeeper({
  file: await findProfile(config),
  owner,
  authUser: config.AUTH_USER,
  log,
});
const account = (): string => profile.account;
using models = await openAccountModels({ redis, account, excluded, log });
await using pages = await openSlots({
  redis,
  host,
  instance,
  count: config.WORKER_CONCURRENCY,
  proxy: link && { server: `http://${config.STREAM_HOST}:${config.STREAM_PORT}`, link },
  profile,
  isVisible: !config.HEADLESS,
  relay,
  hasEvidence: config.PAGE_EVIDENCE,
  authUser: config.AUTH_USER,
  knowledge,
  snapshotFolder: config.ERRORS_DIR,
  onModels: (seen) => models.learn(seen),
  log,
});
await using slots = recordSlots(pages, { redis, log });
await using cancellations = await subscribeCancellations(redis);
await using helper = config.HELPER_ENDPOINT
  ? createHelperClient({
      endpoint: config.HELPER_ENDPOINT,
      apiKey: config.HELPER_API_KEY,
      models: config.HELPER_MODEL_MAP,
      connectMs: config.HELPER_CONNECT_TIMEOUT_MS,
      firstByteMs: config.HELPER_FIRST_BYTE_TIMEOUT_MS,
      limits,
      outbound,
      log,
    })
  : undefined;
const knownFailures = new KnownFailures();
knowledge.watch(() => knownFailures.clear());
using pool = watchWorkers(
  redis,
  () => ({ instance, account: account(), models: models.current?.map(({ id }) => id) }),
  log,
);
const background = new BackgroundJobs({
  delayMs: config.BACKGROUND_DELAY_MS,
  realJobWaits: async () => !slots.hasPage() && realJobWaits(redis, pool.leftToOthers()),
  log,
});
await using worker = createWorker({
  redis,
  queue: await openJobQueue({ redis, leftToOthers: () => pool.leftToOthers(), log }),
  slots,
  pool,
  account,
  models: () => models.current,
  cancellations,
  background,
  knownFailures,
  tiers: [
    ...(link ? [createProxyTier({ limits, isProxyUp: () => link.isUp })] : []),
    ...(helper ? [createHelperTier(helper)] : []),
    createDomTier(limits),
  ],
  completionMs: config.RESPONSE_COMPLETION_TIMEOUT,
  coolDownSeconds: config.RATE_LIMIT_COOLDOWN_SECONDS,
  graceMs: config.SHUTDOWN_GRACE_MS,
  eventLoop,
  onJobOver: () => profile.countRequest(),
  log,
});
await using canary = startCanary({
  redis,
  slots,
  everyHours: config.CANARY_HOURS,
  watch: (look) => knowledge.watch(look),
  log,
});
await using status = await publishStatus(redis, 'browser-driver', instance, () => {
  const all = slots.status();
  const isReady = all.some(({ state }) => state !== 'opening' && state !== 'failed');
  const reason = all.find(({ failure }) => failure)?.failure?.code;
  const failure = slots.failure();
  const detail: DriverDetail = {
    slots: all,
    account: account(),
    ...(failure ? { failure: { code: failure.code, message: failure.message } } : {}),
    ...(models.current ? { models: models.current.map(({ id }) => id) } : {}),
    profile: profile.status(),
    pagePacks: knowledge.status(),
    ...(canary.status ? { page: canary.status } : {}),
    tiers: [
      ...(link?.current ? (['stream-proxy'] as const) : []),
      ...(helper && !helper.isResting ? (['helper'] as const) : []),
      'dom',
    ],
    ...(isReady || !reason ? {} : { reason }),
  };
  return { ready: isReady, detail: { ...detail, eventLoop: eventLoop.delay } };
});
slots.watch(() => {
  status.now().catch(() => undefined); // the next sign of life says it too
});
reportReady();
await untilStopped();
