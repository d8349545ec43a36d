import { type JobPhases } from '@aistudio/core';

/** Phases as the value of a `Server-Timing` header: browsers show them in their network panel. */
export const toServerTiming = (phases: JobPhases): string =>
  Object.entries(phases)
    .map(([name, ms]) => `${name};dur=${ms}`)
    .join(', ');
