import {
  type ModelInfo,
  type Plan,
  type Settings,
  StudioError,
  type Thinking,
} from '@aistudio/core';

import { toPageDeclaration } from './page-declaration.ts';
import { toPageSchema } from './page-schema.ts';
import { type NumberName, type PanelState, type ToggleName } from './panel-state.ts';

/** What the run-settings panel should show for one plan. Absent = whatever it shows is right. */
export interface DesiredSettings {
  readonly modelId: string;
  /** Display name, for pages that show no id. */
  readonly modelTitle?: string;
  /** System instructions; empty = none. */
  readonly system: string;
  readonly numbers: Partial<Record<NumberName, number>>;
  readonly toggles: Partial<Record<ToggleName, boolean>>;
  readonly thinkingLevel?: Level;
  readonly stop: string[];
  /** JSON of the declarations for the page's editor; absent = function calling is off. */
  readonly functionsJson?: string;
  /** JSON of the response schema for the page's editor; absent = none. */
  readonly schemaJson?: string;
  readonly functionNames: string[];
  /** Wishes that this model cannot fulfil and that change no meaning, with the reason. */
  readonly ignored: { readonly setting: string; readonly reason: string }[];
  /** Settings (names as in `Difference`) that the page shows no control for. */
  readonly uncontrolled?: readonly string[];
}

type Level = 'minimal' | 'low' | 'medium' | 'high';

/** Capability codes of the model record (wire-format.md §9, index 64). */
export const CAPABILITY = {
  codeExecution: 9,
  functions: 10,
  googleSearch: 12,
  urlContext: 13,
} as const;

/** Google's own table between levels and budgets, in tokens. */
const BUDGETS: Record<Level, number> = { minimal: 1024, low: 1024, medium: 8192, high: 24_576 };
const LEVELS: readonly Level[] = ['minimal', 'low', 'medium', 'high'];

/**
 * Translates a plan into settings of the panel. `state` decides what kind of thinking the model has where
 * the model list does not say. Throws `unsupported_parameter` for what the model cannot do and
 * nobody may leave out.
 */
export function toDesiredSettings(
  plan: Plan,
  system: string,
  model: ModelInfo | undefined,
  state: PanelState,
): DesiredSettings {
  const { settings } = plan;
  if (model) refuseUnsupported(settings, model);
  const thinking = wantedThinking(settings.thinking, model, state);
  const ignored = thinking.reason ? [{ setting: 'thinking', reason: thinking.reason }] : [];
  const stop = pageStops(settings.stop);
  if (stop.length < new Set(settings.stop).size) {
    ignored.push({
      setting: 'stop',
      reason: 'the page takes five of them, and drops line breaks and blank ones',
    });
  }
  const limit = model?.outputTokenLimit;
  const length = settings.maxOutputTokens ?? limit;
  const numbers: DesiredSettings['numbers'] = {
    ...present('temperature', settings.temperature ?? model?.temperature),
    ...present('topP', settings.topP ?? model?.topP),
    ...present('maxOutputTokens', length && limit ? Math.min(length, limit) : length),
    ...present('thinkingBudget', thinking.budget),
  };
  for (const name of ['temperature', 'topP'] as const) {
    if (model && model[name] === undefined && settings[name] !== undefined) {
      delete numbers[name];
      ignored.push({ setting: name, reason: `${model.id} does not let it be set` });
    }
  }
  return {
    modelId: plan.model,
    ...(model ? { modelTitle: model.displayName } : {}),
    system,
    numbers,
    toggles: {
      googleSearch: settings.googleSearch,
      urlContext: settings.urlContext,
      codeExecution: settings.codeExecution,
      googleMaps: false,
      functionCalling: settings.functions.length > 0,
      structuredOutput: settings.structuredOutput !== undefined,
      ...thinking.toggles,
    },
    ...(thinking.level ? { thinkingLevel: thinking.level } : {}),
    stop,
    ...(settings.functions.length > 0
      ? {
          functionsJson: JSON.stringify(
            settings.functions.map((each) => toPageDeclaration(each).declaration),
          ),
        }
      : {}),
    ...(settings.structuredOutput?.schema
      ? { schemaJson: JSON.stringify(toPageSchema(settings.structuredOutput.schema).schema) }
      : {}),
    functionNames: settings.functions.map(({ name }) => name),
    ignored,
  };
}

/** How many stop sequences the page takes. */
const MAX_STOPS = 5;

/** The stop sequences that the page's one-line field can hold: it would drop line breaks. */
function pageStops(stop: readonly string[]): string[] {
  return [...new Set(stop)] // it takes each once
    .filter((sequence) => sequence.trim() !== '' && !/[\r\n]/.test(sequence))
    .slice(0, MAX_STOPS);
}

function refuseUnsupported(settings: Settings, model: ModelInfo): void {
  if (model.capabilities.length === 0) return;
  const can = (code: number): boolean => model.capabilities.includes(code);
  const refuse = (what: string, param: string): never => {
    throw new StudioError('unsupported_parameter', `${model.id} does not offer ${what}.`, {
      param,
    });
  };
  if (settings.functions.length > 0 && !can(CAPABILITY.functions)) refuse('functions', 'tools');
  if (settings.googleSearch && !can(CAPABILITY.googleSearch)) refuse('Google Search', 'tools');
  if (settings.urlContext && !can(CAPABILITY.urlContext)) refuse('URL context', 'tools');
  if (settings.codeExecution && !can(CAPABILITY.codeExecution)) refuse('code execution', 'tools');
}

interface WantedThinking {
  readonly toggles: Partial<Record<ToggleName, boolean>>;
  readonly budget?: number;
  readonly level?: Level;
  /** Why the wish is not fulfilled as it was said. */
  readonly reason?: string;
}

/** A model has levels, a budget or no thinking at all; a wish in the other's words is translated. */
function wantedThinking(
  wish: Thinking | undefined,
  model: ModelInfo | undefined,
  state: PanelState,
): WantedThinking {
  const type = model?.thinking.type ?? shownThinking(state);
  if (type === 'none') {
    const isWish = wish !== undefined && wish.type !== 'off' && wish.type !== 'auto';
    return { toggles: {}, ...(isWish ? { reason: 'the model does not think' } : {}) };
  }
  if (type === 'level') {
    const known = model?.thinking.type === 'level' ? model.thinking : undefined;
    return { toggles: {}, ...wantedLevel(wish, known?.levels ?? LEVELS, known?.defaultLevel) };
  }
  const known = model?.thinking.type === 'budget' ? model.thinking : undefined;
  return wantedBudget(wish, known ?? { canBeOff: state.toggles.thinking !== undefined });
}

function shownThinking(state: PanelState): 'none' | 'level' | 'budget' {
  if (state.thinkingLevel !== undefined) return 'level';
  return state.toggles.manualBudget || state.toggles.thinking ? 'budget' : 'none';
}

function wantedLevel(
  wish: Thinking | undefined,
  offered: readonly Level[],
  usual: Level | undefined,
): { level?: Level; reason?: string } {
  if (wish === undefined || wish.type === 'auto') return usual ? { level: usual } : {};
  const rank = (level: Level): number => LEVELS.indexOf(level);
  const asked =
    wish.type === 'level'
      ? wish.level
      : wish.type === 'off'
        ? 'minimal'
        : (LEVELS.slice(1).find((level) => wish.tokens <= BUDGETS[level]) ?? 'high');
  const distance = (level: Level): number => Math.abs(rank(level) - rank(asked));
  const level = offered.toSorted((a, b) => distance(a) - distance(b) || rank(a) - rank(b))[0];
  if (!level) return {};
  if (wish.type === 'off') return { level, reason: `thinking cannot be switched off: ${level}` };
  return { level, ...(level === asked ? {} : { reason: `the model offers ${level} instead` }) };
}

function wantedBudget(
  wish: Thinking | undefined,
  bounds: { canBeOff: boolean; min?: number | undefined; max?: number | undefined },
): WantedThinking {
  const { canBeOff, min = 1, max = Number.MAX_SAFE_INTEGER } = bounds;
  const on = canBeOff ? { thinking: true } : {};
  if (wish === undefined || wish.type === 'auto')
    return { toggles: { ...on, manualBudget: false } };
  if (wish.type === 'off' && canBeOff) return { toggles: { thinking: false } };
  const asked =
    wish.type === 'off' ? min : wish.type === 'budget' ? wish.tokens : BUDGETS[wish.level];
  const budget = Math.max(min, Math.min(asked, max));
  const reason =
    wish.type === 'off'
      ? `thinking cannot be switched off: ${budget} tokens`
      : budget === asked
        ? undefined
        : `the model allows ${budget} tokens`;
  return { toggles: { ...on, manualBudget: true }, budget, ...(reason ? { reason } : {}) };
}

function present(name: NumberName, value: number | undefined): Partial<Record<NumberName, number>> {
  return value === undefined ? {} : { [name]: value };
}
