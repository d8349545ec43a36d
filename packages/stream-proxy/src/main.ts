import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

import {
  connectRedis,
  createLogger,
  duplicateConnection,
  failPlainly,
  graceAfter,
  loadConfig,
  names,
  openPagePacks,
  publishStatus,
  reportReady,
  StudioError,
  untilStopped,
  watchEventLoop,
} from '@aistudio/core';
import { createOutbound, toProxySettings } from '@aistudio/outbound';
import { checkWireTables, toWireTables, type WireTables } from '@aistudio/wire';

import { createCapture } from './capture.ts';
import { openCertificates } from './certificates.ts';
import { createAuthenticator } from './credentials.ts';
import { listen } from './proxy.ts';
import { RPC_HOST } from './rpc.ts';
import { createTaps } from './taps.ts';
import { createUpstream } from './upstream.ts';

failPlainly();
const config = loadConfig();
const log = createLogger('stream-proxy', {
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
if (config.STREAM_PORT === 0)
  throw new StudioError('not_ready', 'STREAM_PORT=0 turns the stream proxy off.');

const certificates = await openCertificates(config.CERTS_DIR);
const ca = config.AI_STUDIO_CA ? await readFile(config.AI_STUDIO_CA, 'utf8') : undefined;
await using redis = await connectRedis(config.REDIS_URL);
await using writer = duplicateConnection(redis);
const outbound = createOutbound({
  ...toProxySettings(config),
  resolve: config.AI_STUDIO_RESOLVE,
});
using upstream = createUpstream({ outbound, ca });
const capture = createCapture(writer, log, eventLoop);
const jobOf = async (slot: string): Promise<string | undefined> =>
  (await redis.get(names.slotJob(slot)).catch(() => null)) ?? undefined;
using packs = await openPagePacks({ path: config.PAGE_PACK, check: checkWireTables, log });
let known = toWireTables(packs.current.packs);
packs.watch(() => {
  known = toWireTables(packs.current.packs);
});
const tables: WireTables = {
  get names() {
    return known.names;
  },
  get positions() {
    return known.positions;
  },
};
let detail = {};
await using status = await publishStatus(
  redis,
  'stream-proxy',
  `${hostname()}:${process.pid}`,
  () => ({
    ready: 'port' in detail && writer.status === 'ready',
    detail: { ...detail, lostRecords: capture.lost, eventLoop: eventLoop.delay },
  }),
);
const id = randomBytes(8).toString('hex');
await using proxy = await listen({
  id,
  host: config.STREAM_HOST,
  port: config.STREAM_PORT,
  intercepted: RPC_HOST,
  certificates,
  upstream,
  authenticate: createAuthenticator(redis),
  alsoIntercepted: (host) => packs.current.packs.some(({ hosts }) => hosts?.rpc?.includes(host)),
  openTap: createTaps(capture, jobOf, log, tables),
  log,
});
detail = { id, port: proxy.port, spki: certificates.spki };
await status.now();
log.info('listening', { host: config.STREAM_HOST, port: proxy.port });
reportReady(detail);
const cause = await untilStopped();
detail = { ...detail, isDraining: true };
await status.now().catch(() => undefined); // Redis is away: nobody takes up anything new either
proxy.stopListening();
await capture.untilIdle(graceAfter(cause, config.SHUTDOWN_GRACE_MS));
