import { type RequestSummary, StudioError, toLogMessage } from '@aistudio/core';

import { writeUploadFiles } from '../job/upload-files.ts';
import { meaningOf } from '../page/complaints.ts';
import { type DesiredSettings } from '../page/desired-settings.ts';
import { checkPlace } from '../page/load-page.ts';
import { NotNativeError } from '../page/not-native-error.ts';
import { PageError } from '../page/page-error.ts';
import { applySettings, confirmSettings } from '../page/settings.ts';
import { isRefusal } from './refusal.ts';
import { type Assignment, TierFailedError } from './tier.ts';
import { type Mismatches, mismatches } from './verify-request.ts';

/** From Run to the page's request; real pages take up to 5 s (page.md §11), ms. */
const SUBMIT_MS = 10_000;
/** A page that takes a prompt empties its box within 1 s (page.md §4); later than this it took none, ms. */
const UNTAKEN_MS = 4000;
/** How often to look whether the page gave up instead of asking, ms. */
const LOOK_MS = 500;

/** A request that the page has sent, as far as a tier can see it. */
export interface SentRequest {
  readonly summary?: RequestSummary | undefined;
  /** Why there is no summary, where there should be one. */
  readonly undecodable?: string | undefined;
}

/** Waits for the page's request; undefined when none came within `timeoutMs`. */
export type AwaitRequest<T extends SentRequest> = (
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<T | undefined>;

/**
 * Fills the page and presses Run, until the page has sent what was wanted: a second time, in a new
 * chat, if it sent something else. Throws when it does so again, or does not ask the model at all.
 */
export async function ask<T extends SentRequest>(
  assignment: Assignment,
  awaitRequest: AwaitRequest<T>,
  signal: AbortSignal,
): Promise<T> {
  const { log, phases, slot } = assignment;
  for (let round = 0; ; round++) {
    const wanted = await fillPage(assignment, signal);
    phases.mark('fill');
    const request = await submit(assignment, awaitRequest, signal);
    phases.mark('submit');
    const { certain: wrong, doubtful } = differences(assignment, request, wanted);
    if (doubtful.length > 0) log.warn('the page may have sent something else', { doubtful });
    if (wrong.length === 0) {
      const doubts = doubtful.map((name) => `${name}: AI Studio may not have been asked with it`);
      assignment.warnings = [...(assignment.warnings ?? []), ...doubts];
      return request;
    }
    log.warn('the page sent something else', { wrong, round });
    slot.requireRecovery('it sent something else than its controls show');
    await slot.page.stop(signal);
    if (round === 1) {
      throw new StudioError(
        'upstream_error',
        `AI Studio's page does not send what was asked: ${wrong.join(', ')}.`,
      );
    }
    await slot.page.newChat(signal);
  }
}

/**
 * Makes an empty chat hold all of one prompt, ready to be run: settings, files, text. What the page's
 * own editors cannot take is said in words instead, where that is allowed.
 */
async function fillPage(assignment: Assignment, signal: AbortSignal): Promise<DesiredSettings> {
  const { slot, rendering, log } = assignment;
  for (;;) {
    try {
      return await fillOnce(assignment, signal);
    } catch (error) {
      if (!(error instanceof NotNativeError)) throw error;
      if (!rendering.sayInWords(error.part)) throw error.fault;
      log.info('said in words, since the page does not take it', {
        part: error.part,
        reason: toLogMessage(error),
      });
      await slot.page.newChat(signal); // some of it may have been filled in already
    }
  }
}

async function fillOnce(assignment: Assignment, signal: AbortSignal): Promise<DesiredSettings> {
  const { slot, rendering, model, readFile, log } = assignment;
  const { page } = slot;
  const { plan, prompt } = rendering;
  try {
    const { structuredOutput } = plan.settings;
    if (structuredOutput && !structuredOutput.schema && page.holdsSchema) {
      await page.open(signal); // which alone makes the page forget an old schema
      await page.newChat(signal);
    }
    const wanted = await applySettings(page, plan, prompt.system, model, signal, log);
    assignment.warnings = [...rendering.warnings, ...toWarnings(wanted)];
    await using files = await writeUploadFiles(prompt.files, readFile);
    if (files.paths.length > 0) await page.attach(files.paths, signal);
    await page.setPrompt(prompt.text, prompt.digest, files.paths.length > 0, signal);
    await confirmSettings(page, wanted, signal);
    return wanted;
  } catch (error) {
    if (!(error instanceof PageError)) throw error;
    await checkPlace(page, signal); // where the session has ended, that is the reason
    throw error.asUnsent();
  }
}

/** The unfulfilled wishes by the parameters they come from. Stop sequences we look for ourselves. */
function toWarnings({ ignored }: DesiredSettings): string[] {
  return ignored
    .filter(({ setting }) => setting !== 'stop')
    .map(({ setting, reason }) => `${PARAM_OF[setting] ?? setting}: ${reason}`);
}

const PARAM_OF: Partial<Record<string, string>> = {
  thinking: 'reasoning_effort',
  topP: 'top_p',
  maxOutputTokens: 'max_tokens',
};

/**
 * Presses Run and waits for the page's request. Presses again, the other way, only if the page took
 * nothing: the text still stands in the box, the chat has no turn, and no request was seen.
 */
async function submit<T extends SentRequest>(
  { log, slot, requireTurn }: Assignment,
  awaitRequest: AwaitRequest<T>,
  signal: AbortSignal,
): Promise<T> {
  const { page, evidence } = slot;
  let isUnsent = false;
  for (const way of ['mouse', 'keyboard'] as const) {
    evidence?.expect();
    await page.expectAnswer(signal);
    await requireTurn(signal);
    await page.run(way, signal);
    const startedAt = Date.now();
    const giveUpAt = startedAt + SUBMIT_MS;
    isUnsent = false;
    for (let left = SUBMIT_MS; left > 0; left = giveUpAt - Date.now()) {
      const request = await awaitRequest(Math.min(left, LOOK_MS), signal);
      if (request) return request;
      const meaning = meaningOf(await page.readMessages(signal), page.kit.knowledge.complaints);
      isUnsent = Date.now() > startedAt + UNTAKEN_MS && (await page.isUnsent(signal));
      if (isUnsent) break;
      if (meaning?.type !== 'failed') continue;
      if (isRefusal(meaning.error)) slot.refused();
      throw meaning.error;
    }
    isUnsent ||= await page.isUnsent(signal);
    if (!isUnsent) break;
    log.warn('Run had no effect', { way });
    await page.clearOverlays(signal);
  }
  await checkPlace(page, signal);
  if (isUnsent)
    throw new PageError('press Run', 'the prompt box kept the text, by mouse and by key');
  throw new TierFailedError(
    'upstream_error',
    `AI Studio took the prompt but did not ask the model within ${SUBMIT_MS / 1000} s: most likely its check of the browser (attestation) did not come up. It is not sent again. Try it by hand on its page, in the same browser.`,
    { takeover: 'elsewhere' },
  );
}

function differences(
  { log, rendering }: Assignment,
  request: SentRequest,
  wanted: DesiredSettings,
): Mismatches {
  const { plan, prompt } = rendering;
  if (request.summary?.unread) {
    log.warn('the request does not show all settings', { unread: request.summary.unread });
  }
  if (request.summary) return mismatches(request.summary, plan.settings, wanted, prompt);
  if (request.undecodable !== undefined) {
    log.warn('the request could not be read', { reason: request.undecodable });
  }
  return { certain: [], doubtful: [] };
}
