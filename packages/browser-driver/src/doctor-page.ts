import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import {
  type Config,
  createLogger,
  deadline,
  findProfile,
  loadConfig,
  readProfile,
  writeWhole,
} from '@aistudio/core';
import { createOutbound, listenRelay, toProxySettings } from '@aistudio/outbound';

import { launchBrowser, pinOf } from './browser/browser.ts';
import { builtInPack } from './page/built-in-pack.ts';
import { examinePage, type PageReport } from './page/examine.ts';
import { openKnowledge, TrialKnowledge } from './page/page-knowledge.ts';
import { toRepairPack } from './page/repair-pack.ts';
import { toTable } from './page/report-table.ts';
import { openTab } from './page/tab.ts';

/** Longest time for the whole visit, ms; with every setting moved, twice that. */
const VISIT_MS = 150_000;

/**
 * `doctor --page [--deep] [--json] [--write-pack FILE]`: opens AI Studio as the driver would and says
 * of every part whether it is found, and how; for what is missing, what it may be now. Exits 0 when
 * a prompt could be answered as asked, else 1. `--print-pack` prints what is built in as a page pack.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      deep: { type: 'boolean', default: false },
      'write-pack': { type: 'string' },
      'print-pack': { type: 'boolean', default: false },
    },
  });
  if (values['print-pack']) {
    process.stdout.write(`${JSON.stringify(builtInPack, null, 2)}\n`);
    return 0;
  }
  const report = await examine(loadConfig(), values.deep);
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : toTable(report));
  if (values['write-pack'] !== undefined) await writePack(values['write-pack'], report);
  return report.canAnswer ? 0 : 1;
}

async function examine(config: Config, isDeep: boolean): Promise<PageReport> {
  const log = createLogger('doctor', { level: 'error', format: config.LOG_FORMAT });
  const outbound = createOutbound({
    ...toProxySettings(config),
    resolve: config.AI_STUDIO_RESOLVE,
  });
  await using relay = outbound.hasProxy ? await listenRelay(outbound, log) : undefined;
  using knowledge = await openKnowledge({ path: config.PAGE_PACK, log });
  const trial = new TrialKnowledge(knowledge);
  const browser = await launchBrowser(
    {
      chromiumPath: config.CHROMIUM_PATH,
      isSandboxed: config.CHROMIUM_SANDBOX,
      isHeadless: config.HEADLESS,
      pins: config.AI_STUDIO_CA ? [pinOf(config.AI_STUDIO_CA)] : [],
      resolve: config.AI_STUDIO_RESOLVE,
    },
    log,
  );
  try {
    const tab = await openTab(browser, {
      proxy: undefined,
      profile: await readProfile(await findProfile(config)),
      relay,
      hasEvidence: false,
      authUser: config.AUTH_USER,
      knowledge: trial,
    });
    using limit = deadline(isDeep ? 2 * VISIT_MS : VISIT_MS);
    return await examinePage(tab.studio, trial, { isDeep }, limit.signal);
  } finally {
    await browser.close();
  }
}

/** Writes what is likely right, for PAGE_PACK to take it over; says so beside the report. */
async function writePack(file: string, { elements, at }: PageReport): Promise<void> {
  const pack = toRepairPack(elements, at);
  if (!pack) {
    process.stderr.write('No page pack was written: nothing missing has a likely candidate.\n');
    return;
  }
  const path = resolve(file);
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, `${JSON.stringify(pack, null, 2)}\n`);
  const names = Object.keys(pack.selectors ?? {}).join(', ');
  process.stderr.write(`Wrote ${path} for ${names}. Read it before you use or share it.\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
