/** Thinking levels by number, in requests and in model records (wire-format.md §4.1, §9). */
const LEVELS = [undefined, 'low', 'medium', 'high', 'minimal'] as const;

/** How hard a model thinks, where it has levels. */
export type ThinkingLevel = Exclude<(typeof LEVELS)[number], undefined>;

/** The level with this number; undefined for a number we do not know. */
export const levelOf = (code: unknown): ThinkingLevel | undefined =>
  typeof code === 'number' ? LEVELS[code] : undefined;
