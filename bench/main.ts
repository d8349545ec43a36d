import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { connectRedis, createLogger } from '@aistudio/core';

import { startRedis } from '../e2e/support/redis-server.ts';
import { Simulator } from '../e2e/support/simulator.ts';
import { startStack } from '../e2e/support/stack.ts';
import { launchBrowser } from '../packages/browser-driver/src/browser/browser.ts';
import { type Figure } from './figure.ts';
import { decoder } from './figures/decoder.ts';
import { disconnect } from './figures/disconnect.ts';
import { domTier } from './figures/dom-tier.ts';
import { enteringFigures } from './figures/entering.ts';
import { footprint, idleFigures } from './figures/idle.ts';
import { largePrompt } from './figures/large-prompt.ts';
import { largeRequests } from './figures/large-requests.ts';
import { lastingMemory } from './figures/lasting-memory.ts';
import { manyFrames } from './figures/many-frames.ts';
import { manyStreams } from './figures/many-streams.ts';
import { apiMemory, proxyMemory } from './figures/memory.ts';
import { queue } from './figures/queue.ts';
import { quota } from './figures/quota.ts';
import { relay, wholeWay } from './figures/relay.ts';
import { everythingDiffers, nothingDiffers } from './figures/request-leaves.ts';
import { slotReady } from './figures/slot-ready.ts';
import { waitingConnections, waitingCpu } from './figures/waiting-clients.ts';
import { type Result, toJson, toTable } from './report.ts';

const USAGE = `Usage: pnpm bench [--hurry N] [--json FILE] [WORD…]
  --hurry N    divide the number of runs by N
  --json FILE  where the figures go as JSON (default: bench/results.json)
  --long       also those that take an hour: memory after a thousand prompts
  WORD…        only figures whose name holds one of these`;

const FIGURES: readonly Figure[] = [
  ...idleFigures, // before anything is asked
  footprint,
  queue,
  ...enteringFigures,
  relay,
  wholeWay,
  manyStreams,
  manyFrames,
  waitingConnections,
  waitingCpu,
  domTier,
  nothingDiffers,
  everythingDiffers,
  largePrompt,
  slotReady,
  disconnect,
  decoder,
  quota,
  apiMemory,
  proxyMemory,
  ...largeRequests,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    hurry: { type: 'string', default: '1' },
    json: { type: 'string', default: resolve(import.meta.dirname, 'results.json') },
    long: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});
const chosen = [...FIGURES, ...(values.long ? lastingMemory : [])].filter(
  ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
);
if (values.help || chosen.length === 0) process.stdout.write(`${USAGE}\n`);
else await run(chosen, Number(values.hurry), values.json);

async function run(figures: readonly Figure[], hurry: number, file: string): Promise<void> {
  await using redisServer = await startRedis();
  await using redis = await connectRedis(redisServer.url);
  await using stack = await startStack({
    env: { REDIS_URL: redisServer.url, LOG_LEVEL: 'warn', SIM_TIMING: 'fast' },
  });
  const log = createLogger('bench', { level: 'error', format: 'pretty' });
  const ours = { chromiumPath: undefined, isHeadless: true, pins: [], resolve: {} };
  await using browser = await launchBrowser(ours, log);
  const simulator = new Simulator(stack.controlUrl);
  const bench = { stack, simulator, redis, page: await browser.newPage(), hurry };

  const results: Result[] = [];
  for (const figure of figures) {
    process.stderr.write(`${figure.name} …\n`);
    await simulator.clear();
    results.push({ figure, ...(await figure.measure(bench)) });
  }
  process.stdout.write(`${toTable(results)}\n`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, toJson(results));
}
