import {
  type FinishReason,
  isContent,
  type JobEvent,
  type JobEventOf,
  type JobPhases,
  type TierName,
} from '@aistudio/core';

import { type BackgroundTask } from '../jobs/background/background-task.ts';

/**
 * What became of one request, noted while it is answered: for its line in the log and the metrics.
 * Of the prompt and its answer it holds counts only.
 */
export interface RequestRecord {
  /** As the live list calls it. */
  model?: string;
  /** Present when a chat UI asks by itself. */
  backgroundTask?: BackgroundTask;
  /** The job that answers; a repeated request shares that of the first one. */
  job?: { readonly id: string; phases(): Promise<JobPhases> };
  /** The tier that answers; after a fallback the last one. */
  tier?: TierName;
  readonly fallbacks: Omit<JobEventOf<'tier_changed'>, 'type' | 'reason'>[];
  /** From the request to the answer's first piece, ms. */
  firstTokenMs?: number;
  usage?: Omit<JobEventOf<'usage'>, 'type' | 'totalTokens'>;
  /** Present once the answer has come to its end. */
  finish?: FinishReason;
  /** Code of the error that the client was told. */
  failure?: string;
}

/** Notes one event of the answer, `ms` after the request came. */
export function noteEvent(record: RequestRecord, event: JobEvent, ms: number): void {
  if (isContent(event)) record.firstTokenMs ??= ms;
  else if (event.type === 'started') record.tier = event.tier;
  else if (event.type === 'tier_changed') {
    const { from, to, takeover } = event;
    record.tier = to;
    record.fallbacks.push({ from, to, takeover });
  } else if (event.type === 'usage') {
    const { promptTokens, completionTokens, reasoningTokens, exact } = event;
    record.usage = { promptTokens, completionTokens, reasoningTokens, exact };
  } else if (event.type === 'finish') record.finish = event.reason;
}
