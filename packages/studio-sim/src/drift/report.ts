import { z } from 'zod';

import { planOf } from './plan.ts';

/** What the page says of its changes. */
const Message = z.object({ seed: z.int(), changes: z.array(z.string()).max(5000) });

/** What a seed changes, as the control port shows it. */
export interface DriftSummary {
  readonly seed: number;
  /** Each kind with the share of names or elements that it changes. */
  readonly kinds: Readonly<Record<string, number>>;
  /** Every change that the open page has made so far, as text for people. */
  readonly changes: readonly string[];
}

/** What drifting pages report. */
export interface DriftReport {
  /** Takes a page's message; throws when it makes no sense. */
  take(body: string): void;
  summary(seed: number): DriftSummary;
}

/** An empty report; it keeps what the last seed changed. */
export function createDriftReport(): DriftReport {
  let last: z.infer<typeof Message> = { seed: 0, changes: [] };
  return {
    take(body) {
      last = Message.parse(JSON.parse(body));
    },
    summary: (seed) => ({
      seed,
      kinds: Object.fromEntries(planOf(seed).shares),
      changes: last.seed === seed ? last.changes : [],
    }),
  };
}
