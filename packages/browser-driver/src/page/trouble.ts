import { StudioError } from '@aistudio/core';

/** What the page's own words about a failed answer mean (page.md §9). */
export function toTrouble(words: string): StudioError {
  const said = words.replace(/\s+/g, ' ').trim().slice(0, 300);
  if (/quota|rate limit|free generations/i.test(said)) {
    return new StudioError('rate_limit_exceeded', `AI Studio says: ${said}`);
  }
  return new StudioError('upstream_error', `AI Studio says: ${said}`);
}
