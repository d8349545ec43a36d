import { type Thinking, type ThinkingCapability } from '@aistudio/core';

import { type ReasoningEffort } from './thinking-request.ts';

const LEVELS = ['minimal', 'low', 'medium', 'high'] as const;
type Level = (typeof LEVELS)[number];

/** Google's own budgets for OpenAI's words, in tokens (openai-behaviours R-07). */
const BUDGETS: Readonly<Record<Level, number>> = {
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
};

/** How an effort is set, and whether it means something else than what was asked for. */
export interface ThinkingChoice {
  /** Absent = the model's own default. */
  readonly thinking?: Thinking;
  readonly isApproximate: boolean;
}

/** What a client's `reasoning_effort` means for a model that thinks as `capability` says. */
export function toThinking(
  effort: ReasoningEffort,
  capability: ThinkingCapability,
): ThinkingChoice {
  const wanted = effort === 'none' ? 0 : effort;
  if (capability.type === 'none') return { isApproximate: wanted !== 0 };
  if (capability.type === 'level') return toLevel(wanted, capability.levels);
  return toBudget(wanted, capability);
}

type Wanted = Exclude<ReasoningEffort, 'none'>;

/** The nearest level that thinks at least as much; there is no off. */
function toLevel(wanted: Wanted, offered: readonly Level[]): ThinkingChoice {
  if (wanted === -1) return { isApproximate: false };
  const rank = LEVELS.indexOf(typeof wanted === 'number' ? levelOf(wanted) : wordToLevel(wanted));
  const choices = LEVELS.filter((level) => offered.includes(level));
  const level = choices.find((choice) => LEVELS.indexOf(choice) >= rank) ?? choices.at(-1);
  if (!level) return { isApproximate: true };
  return { thinking: { type: 'level', level }, isApproximate: wanted === 0 };
}

function toBudget(
  wanted: Wanted,
  { min = 1, max = BUDGETS.high, canBeOff }: Extract<ThinkingCapability, { type: 'budget' }>,
): ThinkingChoice {
  if (wanted === -1) return { thinking: { type: 'auto' }, isApproximate: false };
  if (wanted === 0 && canBeOff) return { thinking: { type: 'off' }, isApproximate: false };
  const asked = typeof wanted === 'number' ? wanted : BUDGETS[wordToLevel(wanted)];
  const tokens = Math.max(1, min, Math.min(max, asked));
  return {
    thinking: { type: 'budget', tokens },
    isApproximate: typeof wanted === 'number' && tokens !== wanted,
  };
}

const wordToLevel = (word: Exclude<Wanted, number>): Level =>
  word === 'xhigh' || word === 'max' ? 'high' : word;

function levelOf(tokens: number): Level {
  if (tokens === 0) return 'minimal';
  if (tokens <= BUDGETS.low) return 'low';
  return tokens <= BUDGETS.medium ? 'medium' : 'high';
}
