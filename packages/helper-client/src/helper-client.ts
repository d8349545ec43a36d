import { type JobEvent, type Plan } from '@aistudio/core';

/** A service of the user's choice that speaks OpenAI chat completions (architecture §4). */
export interface HelperClient {
  /**
   * One answer, from `started` to its terminal event. The plan is all it gets: no browser cookie
   * ever reaches it. Throws a `StudioError` when the service cannot answer.
   */
  answer(plan: Plan, signal: AbortSignal): AsyncIterable<JobEvent>;
}
