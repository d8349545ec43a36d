import {
  type AnswerLimits,
  isContent,
  type JobEvent,
  StudioError,
  toErrorRecord,
  toLogMessage,
  watchAnswer,
} from '@aistudio/core';

import { applyChanges, type Segment } from '../page/answer-view.ts';
import { type Meaning, meaningOf } from '../page/complaints.ts';
import { type ImageBytes } from '../page/in-page/images.ts';
import { type PageCall } from '../page/page-evidence.ts';
import { type StudioPage } from '../page/studio-page.ts';
import { PageProgress } from './page-progress.ts';
import { isRefusal } from './refusal.ts';
import { Relay, type SentAnswer } from './relay.ts';
import { settledText, toContent } from './shown-answer.ts';
import { type Assignment, started, TierFailedError } from './tier.ts';

/** Longest wait of one look at the page, ms. */
const LOOK_MS = 1000;
/** Longest time that a page takes to render what it has received, ms. */
const RENDERED_MS = 1200;
/** How much later than the page's own end its network traffic may be reported, ms. */
const EVIDENCE_MS = 2000;

/**
 * Reads the answer that the page is writing, from its beginning to its terminal event. What the page
 * shows as source is told as it appears; all else, and how it ended, is settled by what the page
 * received (`call`) or, where that says nothing, by what the finished page gives away. `sent`: what the
 * client has of it already.
 */
export async function* readAnswer(
  assignment: Assignment,
  call: PageCall | undefined,
  limits: AnswerLimits,
  signal: AbortSignal,
  sent?: SentAnswer,
): AsyncGenerator<JobEvent> {
  const { phases, slot } = assignment;
  const { page } = slot;
  const told = new Relay();
  const segments: Segment[] = [];
  /** What is not yet known of the page's traffic. */
  let evidence = call?.outcome;
  /** How the answer ended, where only that is known. */
  let ending: readonly JobEvent[] | undefined;
  let looking: ReturnType<StudioPage['nextAnswer']> | undefined;
  const progress = new PageProgress();
  let hasTold = false;

  const tell = function* (events: readonly JobEvent[]): Generator<JobEvent> {
    told.rewind();
    for (const event of events) {
      for (const news of told.unsent(event)) {
        if (isContent(news) && !hasTold) phases.mark('first_event');
        hasTold ||= isContent(news);
        yield news;
      }
    }
  };

  yield started('dom', assignment);
  using watch = watchAnswer(limits, 'AI Studio', signal);
  await page.rewindAnswer(watch.signal);
  for (;;) {
    looking ??= page.nextAnswer(LOOK_MS, watch.signal);
    looking.catch(() => undefined); // heard below, or not wanted any more
    const news = await Promise.race(evidence ? [evidence, looking] : [looking]);
    if ('type' in news) {
      evidence = undefined;
      if (news.type === 'broken') throw brokeOff(news.reason);
      if (news.type === 'unreadable') continue;
      const hasRefusal = news.events.some(
        (event) => event.type === 'error' && isRefusal(event.error),
      );
      if (news.status === 403 || hasRefusal) slot.refused();
      else if (news.status < 400) slot.accepted();
      if (!news.hasGaps) return yield* tell(news.events);
      ending = news.events.filter((event) => !isContent(event));
      continue;
    }
    looking = undefined;
    applyChanges(segments, news.changes);
    if (news.changes.some(({ text }) => text !== '')) watch.noteProgress();
    const meaning = meaningOf(news.messages, page.kit.knowledge.complaints);
    progress.note(news, meaning?.type === 'failed');
    yield* tell([{ type: 'text', text: settledText(segments) }]);

    const { overMs, quietMs } = progress;
    // Without evidence only the page's silence shows that it has rendered all of the answer.
    const isSettled = evidence ? (overMs ?? 0) >= EVIDENCE_MS : quietMs >= RENDERED_MS;
    const hasFailed = meaning?.type === 'failed';
    if (overMs !== undefined && (isSettled || (hasFailed && !evidence))) {
      if (meaning?.type === 'failed') {
        const { code, message } = meaning.error;
        const isUnspecific = code === 'upstream_error';
        if (isRefusal(meaning.error)) slot.refused();
        if (isUnspecific) slot.requireRecovery(toLogMessage(meaning.error));
        const isHalf = isUnspecific && hasTold;
        const error = isHalf ? new StudioError('upstream_interrupted', message) : meaning.error;
        return yield* tell([{ type: 'error', error: toErrorRecord(error) }]);
      }
      const content = await finishedContent(page, meaning, signal, sent);
      return yield* tell([...content, ...(ending ?? [toFinish(content, meaning)])]);
    }
  }
}

/** Words beside an answer that are nobody's: whose turn it is, when, and how long it took. */
const LABELS =
  /^(?:model|user|thinking|\d{1,2}:\d{2}|[ap]m|\d+(?:\.\d+)?\s?s|response ready|…|\W)*$/i;

/** All of a finished answer, as the model wrote it. Throws when the page does not give that away. */
async function finishedContent(
  page: StudioPage,
  meaning: Meaning | undefined,
  signal: AbortSignal,
  sent: SentAnswer | undefined,
): Promise<JobEvent[]> {
  const segments = await page.readSources(signal);
  const images = new Map<string, ImageBytes>();
  for (const { kind, text, isSource } of segments) {
    if (kind === 'text' && !isSource) throw unreadable('its text without formatting');
    if (kind !== 'image') continue;
    const image = await page.readImage(text, signal);
    if (!image) throw unreadable('an image in it');
    images.set(text, image);
  }
  const content = toContent(segments, images, sent);
  const hasAnswer = content.some(({ type }) => type !== 'reasoning');
  const isUnknown = segments.some(({ kind, text }) => kind === 'remark' && !LABELS.test(text));
  // An empty answer is one; words in a form that we do not know are not an empty answer.
  if (!hasAnswer && isUnknown && meaning === undefined) throw unreadable('the words in it');
  return content;
}

/** What the page shows no sign of counts as an ordinary end. */
function toFinish(content: readonly JobEvent[], meaning: Meaning | undefined): JobEvent {
  if (meaning?.type === 'blocked') return { type: 'finish', reason: 'content_filter' };
  const hasCalls = content.some(({ type }) => type === 'tool_call');
  return { type: 'finish', reason: hasCalls ? 'tool_calls' : 'stop' };
}

const brokeOff = (reason: string): TierFailedError =>
  new TierFailedError('upstream_interrupted', `AI Studio's answer broke off (${reason}).`, {
    takeover: 'final',
  });

const unreadable = (what: string): StudioError =>
  new StudioError(
    'upstream_error',
    `The answer stands on AI Studio's page, but the page does not give away ${what}.`,
  );
