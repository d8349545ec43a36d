import { hostname } from 'node:os';
import { parse } from 'node:path';

import {
  connectRedis,
  createLogger,
  failPlainly,
  graceAfter,
  loadConfig,
  openJobStreams,
  printPrivately,
  publishStatus,
  reportReady,
  StudioError,
  untilStopped,
  watchEventLoop,
} from '@aistudio/core';
import { createOutbound, toProxySettings } from '@aistudio/outbound';

import { createDownload } from './files/download.ts';
import { createLastGuard, type LastGuard } from './http/last-guard.ts';
import { listen } from './http/listen.ts';
import { createRateLimit } from './http/rate-limit.ts';
import { BackgroundPrompts } from './jobs/background/background-prompts.ts';
import { createCancel } from './jobs/cancel.ts';
import { createDrain } from './jobs/drain.ts';
import { readLoad } from './jobs/load.ts';
import { createListPrompts } from './jobs/queue/list-prompts.ts';
import { connectQueue } from './jobs/queue/prompt-queue.ts';
import { createJobSubmitter } from './jobs/submit-job.ts';
import { settleAdminKey } from './keys/admin-key.ts';
import { chooseKeys, isExposed } from './keys/choose-keys.ts';
import { createKeyRing } from './keys/key-ring.ts';
import { createKeyStore } from './keys/key-store.ts';
import { withAliases } from './models/model-aliases.ts';
import { readModels } from './models/read-models.ts';
import { readHealth } from './monitoring/health.ts';
import { createMetrics } from './monitoring/metrics.ts';
import { readVersion } from './monitoring/read-version.ts';
import { createServer } from './server.ts';

/** A comment at least this often keeps clients with idle limits of 20 s (openai-behaviours S-20). */
const KEEP_ALIVE_MS = 10_000;
/** What a worker may take beyond its own limit to end a job (architecture.md, One end). */
const GRACE_MS = 5000;
/** How long a client waits for one reply of Redis, ms; short pauses, as of a restart, are waited out. */
const REDIS_MS = 20_000;

let guard: LastGuard | undefined;
failPlainly((error) => guard?.survives(error) ?? false);
const config = loadConfig();
const log = createLogger('api', {
  level: config.LOG_LEVEL,
  format: config.LOG_FORMAT,
  file: config.LOG_FILE,
});
guard = createLastGuard(log);
using eventLoop = watchEventLoop(log);
if (!config.REDIS_URL)
  throw new StudioError(
    'not_ready',
    'REDIS_URL is not set: say where Redis is. `pnpm start` starts one of its own.',
  );

const waitingMs = config.QUEUE_TIMEOUT;
const totalMs = waitingMs + config.RESPONSE_COMPLETION_TIMEOUT + GRACE_MS;
await using redis = await connectRedis(config.REDIS_URL, { commandMs: REDIS_MS });
await using queue = connectQueue(
  redis,
  {
    prompts: config.QUEUE_LIMIT,
    bytes: config.QUEUE_MAX_BYTES,
    planLifetimeMs: totalMs,
  },
  log,
);
await using streams = openJobStreams(redis);
const drain = createDrain(log);
await using submitter = createJobSubmitter(
  redis,
  streams,
  queue,
  { waitingMs, totalMs },
  drain,
  log,
);
await using downloads = createDownload(
  { maxBytes: config.DOWNLOAD_MAX_BYTES, timeoutMs: config.DOWNLOAD_TIMEOUT_MS },
  createOutbound(toProxySettings(config)),
);
const keyStore = createKeyStore(redis, log);
const { keys: stored } = await keyStore.read();
const keys = createKeyRing(keyStore, {
  configured: chooseKeys(config.API_KEYS, config.HOST, stored.length, (key) => {
    void printPrivately(`API key, made for this run because HOST is not loopback: ${key}`);
  }),
  adminDigest: await settleAdminKey(redis, config.ADMIN_KEY, (key) =>
    printPrivately(`Admin key for /api/keys, said only this once: ${key}`),
  ),
  isExposed: isExposed(config.HOST),
});
const server = createServer({
  ask: submitter.submit,
  download: downloads.download,
  cancel: createCancel(redis, queue),
  listPrompts: createListPrompts(redis, queue),
  listModels: async () => withAliases(await readModels(redis), config.MODEL_ALIASES),
  drain,
  eventLoop,
  readHealth: () => readHealth(redis, config.STREAM_PORT !== 0, drain.stopping),
  readLoad: () => readLoad(redis, queue),
  metrics: createMetrics(),
  installation: {
    version: readVersion(),
    profile: config.AUTH_PROFILE === undefined ? null : parse(config.AUTH_PROFILE).name,
    limits: {
      queued: config.QUEUE_LIMIT,
      body_bytes: config.MAX_BODY_BYTES,
      waiting_ms: waitingMs,
      answering_ms: config.RESPONSE_COMPLETION_TIMEOUT,
      silence_ms: config.SILENCE_TIMEOUT_MS,
    },
  },
  defaults: {
    temperature: config.DEFAULT_TEMPERATURE,
    topP: config.DEFAULT_TOP_P,
    maxOutputTokens: config.DEFAULT_MAX_OUTPUT_TOKENS,
    functionCallingMode: config.FUNCTION_CALLING_MODE,
  },
  isStrict: config.STRICT_PARAMS,
  keys,
  keyStore,
  background: new BackgroundPrompts({
    delayMs: config.BACKGROUND_DELAY_MS,
    phrases: config.BACKGROUND_PROMPTS,
  }),
  takeRequest: createRateLimit(redis, config.KEY_REQUESTS_PER_MINUTE),
  corsOrigins: config.CORS_ORIGINS,
  allowedHosts: [config.HOST, ...config.ALLOWED_HOSTS],
  maxBodyBytes: config.MAX_BODY_BYTES,
  keepAlive: {
    everyMs: KEEP_ALIVE_MS,
    style: config.KEEP_ALIVE_STYLE,
    jsonAfterMs: config.BLANK_LINES_AFTER_MS,
  },
  mirrorsReasoning: config.REASONING_MIRROR,
  repairsJson: config.JSON_REPAIR,
  log,
});
let url: string | undefined;
await using status = await publishStatus(redis, 'api', `${hostname()}:${process.pid}`, () => ({
  ready: url !== undefined && !drain.stopping.aborted,
  detail: { url, eventLoop: eventLoop.delay },
}));
await using listening = await listen(server, config.HOST, config.PORT);
url = listening.url;
await status.now();
log.info('listening', { url });
guard.arm();
reportReady({ url });
await drain.run(graceAfter(await untilStopped(), config.SHUTDOWN_GRACE_MS));
