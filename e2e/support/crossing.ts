import { setTimeout as delay } from 'node:timers/promises';

import { names } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { ask, type Outcome, sim } from './asking.ts';
import { readRecord } from './job-record.ts';
import { type Seeded } from './seeded.ts';

/** A lease outlives the last reader or writer by so long, ms. */
const QUIET_WITHIN_MS = 20_000;
const LOOK_MS = 50;

/**
 * Goes away in the middle of an answer, and asks something else at once: `rounds` times, at random
 * moments. Gives how often anything but that next answer came, as text for people.
 */
export async function abortAndAsk(
  baseUrl: string,
  { rounds, seeded }: { rounds: number; seeded: Seeded },
): Promise<string[]> {
  const wrong: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const client = new AbortController();
    const goAfterPieces = seeded.below(4);
    const left = ask(baseUrl, sim({ text: `old-${round} `.repeat(60), chunks: 60, delayMs: 5 }), {
      signal: client.signal,
      onPiece: (soFar) => {
        if (soFar.length >= goAfterPieces * 20) client.abort();
      },
    });
    if (goAfterPieces === 0) void delay(seeded.below(400)).then(() => client.abort());
    await left;
    const next = await ask(baseUrl, `echo: new-${round}`);
    if (next.text === `new-${round}` && next.failure === undefined) continue;
    wrong.push(`round ${round}: ${next.failure ?? 'answered'} ${JSON.stringify(next.text)}`);
  }
  return wrong;
}

/** What a crowd of clients met. */
export interface CrowdReport {
  readonly answered: number;
  readonly cancelled: number;
  /** Answered by the page's own, after the stream proxy gave up in the middle. */
  readonly takenOver: number;
  /** How many each tier began to answer. */
  readonly byTier: Readonly<Record<string, number>>;
  /** What should not have happened, as text for people. */
  readonly wrong: readonly string[];
}

/** How big a crowd is. */
export interface Crowd {
  readonly clients: number;
  readonly requests: number;
  readonly seeded: Seeded;
}

const frame = (piece: string): string =>
  `[[[[[[null,${JSON.stringify(piece)}]],"model"]]],null,[11,4,15]]`;

/** An answer of frames one of which has a shape that nobody knows. */
function puzzling(text: string): string {
  const half = text.length / 2;
  const chunks = [
    `[[${frame(text.slice(0, half))}`,
    ',["a new shape"]',
    `,${frame(text.slice(half))},[[[null,1]],null,[11,24,35]]]]`,
  ];
  return sim({ rawChunks: chunks.map((chunk) => Buffer.from(chunk).toString('base64')) });
}

/**
 * Has many clients ask at once, each one request after the other; some go away, some cancel, all at
 * random moments, and some answers change their tier in the middle. Each answer must be its own.
 */
export async function crowd(
  baseUrl: string,
  redis: Redis,
  { clients, requests, seeded }: Crowd,
): Promise<CrowdReport> {
  const byTier: Record<string, number> = {};
  const report = { answered: 0, cancelled: 0, takenOver: 0, byTier, wrong: [] as string[] };
  let next = 0;

  const askOne = async (number: number): Promise<void> => {
    const text = `<${number}> ${'words of its own '.repeat(1 + seeded.below(8))}</${number}>`;
    const isPuzzling = seeded.oneIn(10);
    const leaving = seeded.oneIn(4) ? seeded.pick(['goes', 'cancels'] as const) : undefined;
    const afterPieces = seeded.below(3);
    const prompt = isPuzzling
      ? puzzling(text)
      : sim({ text, chunks: 1 + seeded.below(20), delayMs: seeded.below(20) });
    const client = new AbortController();
    if (leaving === 'goes' && afterPieces === 0) {
      void delay(seeded.below(5000)).then(() => client.abort());
    }
    let pieces = 0;
    const outcome = await ask(baseUrl, prompt, {
      signal: client.signal,
      onPiece: (_soFar, id) => {
        pieces += 1;
        if (pieces !== Math.max(afterPieces, 1)) return;
        if (leaving === 'goes') client.abort();
        if (leaving === 'cancels') void fetch(`${baseUrl}/cancel/${id}`, { method: 'POST' });
      },
    });
    const complaint = complaintAbout(outcome, text, leaving);
    if (complaint !== undefined) report.wrong.push(`request ${number}: ${complaint}`);
    if (outcome.id !== '') {
      const { ends, goesOn } = await readRecord(redis, outcome.id);
      if (ends.length !== 1 || goesOn) report.wrong.push(`request ${number} ends ${ends.join()}`);
    }
    if (outcome.tier !== null) byTier[outcome.tier] = (byTier[outcome.tier] ?? 0) + 1;
    if (outcome.failure === undefined) report.answered += 1;
    else report.cancelled += 1;
    if (isPuzzling && outcome.failure === undefined) report.takenOver += 1;
  };

  const askAll = async (): Promise<void> => {
    while (next < requests) await askOne(next++);
  };
  await Promise.all(Array.from({ length: clients }, askAll));
  return report;
}

function complaintAbout(
  { text, failure }: Outcome,
  expected: string,
  leaving: 'goes' | 'cancels' | undefined,
): string | undefined {
  if (failure === undefined) return text === expected ? undefined : `answered ${text}`;
  const isMeant = failure === (leaving === 'goes' ? 'went away' : 'request_cancelled');
  if (leaving === undefined || !isMeant) return `failed with ${failure}`;
  return expected.startsWith(text) ? undefined : `began with ${text}`;
}

/**
 * Waits until no request is left, and gives the names in Redis that should not be there then: jobs
 * may leave what expires, and nothing that says that they are alive.
 */
export async function leftovers(redis: Redis): Promise<string[]> {
  const giveUpAt = Date.now() + QUIET_WITHIN_MS;
  for (;;) {
    const left = await unexpectedNames(redis);
    if (left.length === 0 || Date.now() > giveUpAt) return left;
    await delay(LOOK_MS);
  }
}

async function unexpectedNames(redis: Redis): Promise<string[]> {
  const queue = `${names.queuePrefix}:${names.queue}:`;
  const standing = [
    names.accounts,
    names.models('*'),
    names.processes,
    names.wake('*'),
    names.adminKey,
    names.capture('*'),
    names.slotSecret('*'),
    names.slotJob('*'),
    names.queueOwners,
    names.storedBytes,
    names.storedCount,
  ];
  const ofJobs = [names.events('*'), names.state('*'), names.cancelled('*')];
  const all = await redis.keys('*');
  const lengths = [
    redis.llen(`${queue}active`),
    redis.llen(`${queue}wait`),
    redis.zcard(`${queue}prioritized`),
  ];
  const busy = (await Promise.all(lengths)).some((length) => length > 0);
  const unexpected = await Promise.all(
    all.map(async (key) => {
      const isOfProcess = key.startsWith(names.process('')); // goes with its process
      if (isOfProcess || key.startsWith(queue)) return [];
      if (standing.some((name) => isLike(key, name))) return [];
      const isOfJob = ofJobs.some((name) => isLike(key, name));
      return isOfJob && (await redis.pttl(key)) > 0 ? [] : [key];
    }),
  );
  const storedBytes = Number(await redis.get(names.storedBytes));
  return [
    ...unexpected.flat(),
    ...(busy ? [queue] : []),
    ...(storedBytes === 0 ? [] : [names.storedBytes]),
  ];
}

const isLike = (key: string, name: string): boolean =>
  new RegExp(`^${name.replace('*', '[^:]+')}$`).test(key);
