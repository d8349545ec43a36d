import { type JobEvent } from '@aistudio/core';
import { type RecordedCall, type Recording } from '@aistudio/recorder';
import { isModelRpc, parseModels, rpcOf, type WireTables } from '@aistudio/wire';
import { type Page } from 'playwright';

import { type PageEvidence } from '../page-evidence.ts';
import { type RecordingServer, toBytes } from './serve-recording.ts';

/** What the driver makes of one recorded call. */
export interface CallReport {
  readonly method: string;
  readonly status: number | null;
  /** `kept`: the driver has no use for it. */
  readonly outcome: 'decoded' | 'kept' | 'undecodable' | 'unanswered';
  /** What was read, in a few words. */
  readonly detail: string;
  /** What the client would have been sent; its texts are placeholders. */
  readonly events?: readonly JobEvent[];
}

/** Longest time for the page to receive a recorded answer, ms. */
const ANSWER_MS = 5000;

/** Has the page make each call again, and reads the answers as the driver does. */
export async function replayCalls(
  page: Page,
  evidence: PageEvidence,
  { calls }: Recording,
  server: RecordingServer,
  tables: WireTables,
  signal: AbortSignal,
): Promise<CallReport[]> {
  const reports: CallReport[] = [];
  for (const call of calls) {
    signal.throwIfAborted();
    const rpc = rpcOf('POST', call.path, tables.names);
    reports.push(
      isModelRpc(rpc)
        ? await replayAnswer(page, evidence, call, server, signal)
        : readOther(call, rpc === 'ListModels', tables),
    );
  }
  return reports;
}

async function replayAnswer(
  page: Page,
  evidence: PageEvidence,
  call: RecordedCall,
  server: RecordingServer,
  signal: AbortSignal,
): Promise<CallReport> {
  const { method, status } = call;
  evidence.expect();
  await page.evaluate(
    async ({ url, body }) => {
      await fetch(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json+protobuf' },
      })
        .then((response) => response.text())
        .catch(() => undefined); // what broke off breaks off again
    },
    { url: server.callUrl(call), body: toBytes(call.request).toString() },
  );
  const seen = await evidence.call(ANSWER_MS, signal);
  if (!seen)
    return { method, status, outcome: 'undecodable', detail: 'the driver reads no such call' };
  const asked = seen.summary ? `asked ${seen.summary.model}` : 'its request cannot be read';
  const outcome = await seen.outcome;
  if (outcome.type === 'broken') {
    return { method, status, outcome: 'unanswered', detail: `${asked}, ${outcome.reason}` };
  }
  if (outcome.type === 'unreadable') {
    const detail = `${asked}, the answer cannot be read`;
    return { method, status, outcome: 'undecodable', detail };
  }
  const { events, hasGaps } = outcome;
  const gaps = hasGaps ? ', with frames of unknown shape' : '';
  return {
    method,
    status,
    outcome: seen.summary && !hasGaps ? 'decoded' : 'undecodable',
    detail: `${asked}, ${toKinds(events)}${gaps}`,
    events,
  };
}

function readOther(call: RecordedCall, isModelList: boolean, tables: WireTables): CallReport {
  const { method, status, response } = call;
  if (!('json' in response)) {
    const detail = 'missing' in response ? response.missing : 'no JSON';
    return { method, status, outcome: 'unanswered', detail };
  }
  if (!isModelList) return { method, status, outcome: 'kept', detail: '' };
  const models = parseModels(toBytes(response), tables.positions) ?? [];
  const isRead = models.length > 0;
  return {
    method,
    status,
    outcome: isRead ? 'decoded' : 'undecodable',
    detail: `${models.length} models`,
  };
}

/** `reasoning, text, usage, finish: stop` */
function toKinds(events: readonly JobEvent[]): string {
  return events
    .map((event) => {
      if (event.type === 'finish') return `finish: ${event.reason}`;
      return event.type === 'error' ? `error: ${event.error.code}` : event.type;
    })
    .join(', ');
}
