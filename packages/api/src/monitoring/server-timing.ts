import { type JobPhases } from '@aistudio/core';

/** The phases of a request that is over after `ms`, which its worker may not have come to say. */
export const withTotal = (
  phases: JobPhases,
  ms: number,
): JobPhases & { readonly total: number } => ({
  ...phases,
  total: phases.total ?? ms,
});

/** Phases as the value of a `Server-Timing` header: browsers show them in their network panel. */
export const toServerTiming = (phases: JobPhases): string =>
  Object.entries(phases)
    .map(([name, ms]) => `${name};dur=${ms}`)
    .join(', ');
