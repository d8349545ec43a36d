import { errorCodes, type TierName } from '@aistudio/core';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

import { type EndedRequest } from './end-request.ts';
import { createSystemGauges, type SystemState } from './system-gauges.ts';

/**
 * How often prom-client samples the event loop's delay, ms. By itself it does so a hundred times a second, which
 * was most of what an idle API computed; the delay that matters is in the gauge of our own.
 */
const EVENT_LOOP_SAMPLING_MS = 1000;
/** Upper bounds of the buckets, seconds: from a warm page's first moves to the longest answer. */
const BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600,
];

/** The outcomes that get a series of their own; a helper may have codes without end. */
const OUTCOMES: ReadonlySet<string> = new Set(['ok', 'client_closed', ...errorCodes]);

/** Label value of what did not come to be: no route, no model, no tier. */
const NONE = 'none';

/** Which tiers gave the answers of this process. */
export interface Served {
  /** Answers that came to their end, by tier; those that never had one are left out. */
  readonly counts: Readonly<Partial<Record<TierName, number>>>;
  /** The last of them; `at` is epoch ms. */
  readonly last?: { readonly tier: TierName; readonly model: string; readonly at: number };
}

/** What Prometheus is told (docs/reference/metrics.md has every name). */
export interface Metrics {
  /** Counts one request that is over. */
  readonly observe: (ended: EndedRequest) => void;
  /** Since the start. */
  readonly served: () => Served;
  /** The whole page, in Prometheus' text format, with the system as it is now. */
  render(state: SystemState): Promise<string>;
  /** Of the page. */
  readonly contentType: string;
  /** What holds them all. */
  readonly registry: Registry;
}

/** Starts counting from nothing, the process's own figures included. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({
    register: registry,
    eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLING_MS,
  });
  const requests = new Counter({
    name: 'aistudio_requests_total',
    help: 'Requests that are over',
    labelNames: ['route', 'model', 'outcome', 'tier'],
    registers,
  });
  const fallbacks = new Counter({
    name: 'aistudio_fallbacks_total',
    help: 'Tiers that gave up and were taken over from',
    labelNames: ['from', 'to', 'takeover'],
    registers,
  });
  const tokens = new Counter({
    name: 'aistudio_tokens_total',
    help: 'Tokens of prompts, answers and thinking',
    labelNames: ['kind', 'model'],
    registers,
  });
  const phaseSeconds = new Histogram({
    name: 'aistudio_phase_seconds',
    help: 'Stretches of a prompt’s way',
    labelNames: ['phase', 'tier'],
    buckets: BUCKETS,
    registers,
  });
  const firstTokenSeconds = new Histogram({
    name: 'aistudio_time_to_first_token_seconds',
    help: 'From the request to the first piece of its answer',
    labelNames: ['model', 'tier'],
    buckets: BUCKETS,
    registers,
  });
  const showSystem = createSystemGauges(registry);
  const counts: Partial<Record<TierName, number>> = {};
  let last: Served['last'];

  return {
    registry,
    contentType: registry.contentType,
    observe({ route = NONE, outcome, record, phases = {} }) {
      const { model = NONE, tier = NONE, usage, firstTokenMs } = record;
      requests.inc({ route, model, tier, outcome: OUTCOMES.has(outcome) ? outcome : 'other' });
      for (const change of record.fallbacks) fallbacks.inc(change);
      for (const [phase, ms] of Object.entries(phases)) {
        if (ms !== undefined) phaseSeconds.observe({ phase, tier }, ms / 1000);
      }
      if (firstTokenMs !== undefined)
        firstTokenSeconds.observe({ model, tier }, firstTokenMs / 1000);
      if (usage) {
        tokens.inc({ kind: 'prompt', model }, usage.promptTokens);
        tokens.inc({ kind: 'completion', model }, usage.completionTokens);
        tokens.inc({ kind: 'reasoning', model }, usage.reasoningTokens);
      }
      if (record.finish && record.tier) {
        counts[record.tier] = (counts[record.tier] ?? 0) + 1;
        last = { tier: record.tier, model, at: Date.now() };
      }
    },
    served: () => ({ counts, ...(last ? { last } : {}) }),
    render(state) {
      showSystem(state);
      return registry.metrics();
    },
  };
}
