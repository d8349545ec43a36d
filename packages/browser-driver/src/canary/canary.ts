import { deadline, type Log, names, type PageCheckStatus } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { surveyPage } from '../page/survey.ts';
import { type Slot } from '../slots/slot.ts';
import { type Slots } from '../slots/slots.ts';
import { pause } from '../waiting.ts';
import { changesOf, PageTable, toPageTable } from './page-table.ts';

/** How long nothing must have been asked before a page counts as idle, ms. */
const QUIET_MS = 5000;
/** How often to look whether a page is idle, ms. */
const LOOK_EVERY_MS = 2000;
/** Longest time for one examination, and for leaving the page as it was, ms. */
const EXAMINE_MS = 60_000;
const TIDY_MS = 2000;
const HOUR_MS = 3_600_000;

/** What the canary needs. */
export interface CanaryOptions {
  readonly redis: Pick<Redis, 'get' | 'set'>;
  readonly slots: Pick<Slots, 'takeIdle'>;
  /** CANARY_HOURS; 0: never. */
  readonly everyHours: number;
  /** Calls `look` whenever what is known of the page has changed: the page is examined anew then. */
  readonly watch?: (look: () => void) => void;
  readonly log: Log;
  /** How long nothing must have been asked, ms. */
  readonly quietMs?: number;
}

/** Examines idle pages now and then, so that a change of the page is known before a prompt fails. */
export interface Canary extends AsyncDisposable {
  /** What the last examination found; undefined before the first. */
  readonly status: PageCheckStatus | undefined;
}

/**
 * Starts to examine: once the first page is idle, then every `everyHours`. A prompt that comes
 * meanwhile gets the page at once. Never presses Run.
 */
export function startCanary(options: CanaryOptions): Canary {
  const { everyHours, log, quietMs = QUIET_MS } = options;
  const closing = new AbortController();
  let status: PageCheckStatus | undefined;
  let soon = new AbortController();
  options.watch?.(() => soon.abort());

  const keepExamining = async (): Promise<void> => {
    await pause(quietMs, closing.signal);
    while (!closing.signal.aborted) {
      soon = new AbortController();
      const found = await examineIdle({ ...options, quietMs }, closing.signal).catch(
        (error: unknown) => {
          if (!closing.signal.aborted) log.warn('page not examined', { error });
          return undefined;
        },
      );
      if (found) status = found;
      const next = AbortSignal.any([closing.signal, soon.signal]);
      await pause(found ? everyHours * HOUR_MS : LOOK_EVERY_MS, next);
    }
  };
  const examining = everyHours === 0 ? Promise.resolve() : keepExamining();
  return {
    get status() {
      return status;
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Error('closing'));
      await examining;
    },
  };
}

/** Examines a page if one is idle, and stays so until the end. */
async function examineIdle(
  { slots, redis, log, quietMs }: CanaryOptions & { readonly quietMs: number },
  closing: AbortSignal,
): Promise<PageCheckStatus | undefined> {
  using lease = slots.takeIdle(quietMs);
  if (!lease) return undefined;
  const { slot, wanted } = lease;
  const given = AbortSignal.any([closing, wanted, slot.lost]);
  using limit = deadline(EXAMINE_MS, undefined, given);
  let table: PageTable;
  try {
    table = await examine(slot, limit.signal);
  } catch (error) {
    await tidy(slot);
    if (wanted.aborted || closing.aborted) return undefined; // another time
    throw error;
  }
  const stored = await redis.get(names.pageTable);
  const before = stored === null ? undefined : readTable(stored);
  await redis.set(names.pageTable, JSON.stringify(table));
  const changes = before ? changesOf(before, table) : [];
  const { missing, at: checkedAt } = table;
  if (missing.length === 0 && changes.length === 0) {
    log.info('page examined', { slot: slot.id, elements: Object.keys(table.found).length });
  } else {
    const advice = 'run `pnpm run doctor --page`: docs/guides/repair.md';
    log.warn('page changed', { slot: slot.id, missing, changes, advice });
  }
  return { checkedAt, missing, changes };
}

async function examine({ page }: Slot, signal: AbortSignal): Promise<PageTable> {
  await page.refresh();
  const { modelId, modelTitle } = await page.readPanel(signal);
  const model = modelId ?? modelTitle;
  const findings = await surveyPage(page, signal);
  return toPageTable(findings, {
    at: new Date().toISOString(),
    ...(model === undefined ? {} : { model }),
    packs: page.kit.knowledge.digest,
  });
}

/** Closes what the examination may have left open. */
async function tidy(slot: Slot): Promise<void> {
  using limit = deadline(TIDY_MS);
  try {
    await slot.page.clearOverlays(limit.signal);
  } catch {
    slot.requireRecovery('its examination was not finished');
  }
}

/** What another version kept is no table to compare with. */
function readTable(stored: string): PageTable | undefined {
  const parsed = PageTable.safeParse(JSON.parse(stored));
  return parsed.success ? parsed.data : undefined;
}
