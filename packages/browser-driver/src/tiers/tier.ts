import {
  type JobEvent,
  type JobEventOf,
  type Log,
  type ModelInfo,
  type Plan,
  type ReadFile,
  StudioError,
  type Takeover,
  type TierName,
} from '@aistudio/core';

import { type Slot } from '../slots/slot.ts';
import { type PromptRendering } from '../tools/prompt-rendering.ts';
import { type Phases } from './phases.ts';
import { type SentAnswer } from './relay.ts';

/** One prompt and the page it may be typed into. */
export interface Assignment {
  readonly plan: Plan;
  /** Reads the plan's files. */
  readonly readFile: ReadFile;
  /** How the plan is put to the page. */
  readonly rendering: PromptRendering;
  /** The model's record from the live list, when there is one. */
  readonly model: ModelInfo | undefined;
  readonly slot: Slot;
  readonly phases: Phases;
  /**
   * To be called before the model is asked, each time. Throws where it must not be any more: the job is
   * another worker's, nobody waits for the answer, or this worker stops.
   */
  readonly requireTurn: (signal: AbortSignal) => Promise<void>;
  /** What the page that was asked could not be made to do; known once it has been filled. */
  warnings?: readonly string[];
  readonly log: Log;
}

/** One way an answer can reach us (architecture.md, Three ways). */
export interface Tier {
  readonly name: TierName;
  /** Whether it asks on the page: what the page refuses to one such tier it refuses to all. */
  readonly usesPage: boolean;
  /** Asks the model and yields the answer, from `started` to `finish` or `error`. */
  answer(assignment: Assignment, signal: AbortSignal): AsyncIterable<JobEvent>;
  /**
   * Takes over an answer that the page is already writing, from its beginning: what it cannot tell as it
   * was `sent` it leaves out, or tells as it was sent. Only tiers that read the page itself can.
   */
  resume?(assignment: Assignment, signal: AbortSignal, sent: SentAnswer): AsyncIterable<JobEvent>;
}

/**
 * How an answer may go on after a tier gave up. `resume`: the page goes on with this very answer.
 * `restart`: nothing of it has reached the client, so another tier may ask again. `elsewhere`: the
 * same, but not on the page, where Run would be pressed in vain once more. `final`: not at all.
 */
export type Outlook = Takeover | 'final';

/** A tier gave up; its message goes to the client if no other tier can take over. */
export class TierFailedError extends StudioError {
  override readonly name = 'TierFailedError';
  readonly takeover: Outlook;

  constructor(
    code: 'upstream_error' | 'upstream_interrupted' | 'timeout',
    message: string,
    options: ErrorOptions & { takeover: Outlook; logged?: string | undefined },
  ) {
    super(code, message, options);
    this.takeover = options.takeover;
  }
}

/** How a tier that asks on the page begins to tell. */
export const started = (
  tier: TierName,
  { plan, warnings = [] }: Assignment,
): JobEventOf<'started'> => ({
  type: 'started',
  tier,
  model: plan.model,
  ...(warnings.length > 0 ? { warnings: [...warnings] } : {}),
});
