import { type App } from './app.ts';
import { delay } from './dom.ts';

const ATTESTATION_URL = 'https://waa-pa.clients6.google.com/$rpc/google.internal.waa.v1.Waa/Create';
const LONGEST_RETRY_MS = 60_000;

/** While the attestation service is not up the turn waits and nothing is sent; the page tries again and again. */
export async function attestationUp({ live }: App, signal: AbortSignal): Promise<void> {
  for (let ms = 1000; live.isOn('attestation-down'); ms = Math.min(ms * 2, LONGEST_RETRY_MS)) {
    await fetch(ATTESTATION_URL, { method: 'POST', body: '[]', signal }).catch(() => {});
    await untilOffOr(live, ms, signal);
  }
}

async function untilOffOr(live: App['live'], ms: number, signal: AbortSignal): Promise<void> {
  const changed = new AbortController();
  const stop = live.watch(() => live.isOn('attestation-down') || changed.abort());
  await delay(ms, AbortSignal.any([signal, changed.signal])).catch(() => {}); // whichever comes first
  stop();
  signal.throwIfAborted();
}

/** Only rejects, when the signal aborts. */
export async function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    if (signal.aborted) reject(signal.reason);
  });
}

/** What was seen of a page that never asks: attestation again and again (page.md §10, 2b). */
export async function attestForEver(signal: AbortSignal): Promise<never> {
  for (;;) {
    await delay(5000, signal);
    await fetch(ATTESTATION_URL, { method: 'POST', body: '[]', signal }).catch(() => {});
  }
}
