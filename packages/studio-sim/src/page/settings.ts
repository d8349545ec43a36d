import { type JsonObject } from '../wire/struct.ts';
import { CAPABILITY, type Model } from './model-record.ts';
import { preferences } from './preferences.ts';
import { isOffered, TOOLS, type ToolName } from './tools.ts';

/** A declared function in the editor's JSON form. */
export interface Declaration {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: JsonObject;
}

/** Everything the run-settings panel shows. */
export interface Settings {
  readonly model: Model | undefined;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly topK: number | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly stopSequences: readonly string[];
  /** 0: default, 1 low, 2 medium, 3 high. */
  readonly mediaResolution: number;
  readonly isThinkingOn: boolean;
  readonly isBudgetManual: boolean;
  readonly budget: number;
  readonly level: number | undefined;
  readonly tools: ReadonlySet<ToolName>;
  readonly declarations: readonly Declaration[];
  readonly responseSchema: JsonObject | undefined;
  readonly systemInstruction: string;
  /** Thresholds of the categories 7 to 10, 1 blocks most, 5 is off (wire-format.md §4). */
  readonly safety: readonly number[];
}

/** What a new chat starts with: the model's own defaults (page.md §3). */
export function defaultSettings(model: Model | undefined): Settings {
  return {
    ...ownDefaults(model),
    model,
    stopSequences: [],
    mediaResolution: 0,
    tools: defaultTools(model),
    declarations: [],
    responseSchema: undefined,
    systemInstruction: '',
    safety: DEFAULT_SAFETY,
  };
}

/**
 * The same chat with another model: sampling, length and safety become that model's own, code
 * execution, URL context and function calling are off, search is as the model has it. Stop
 * sequences, schema, declarations and the system instruction stay; so does a thinking value that
 * the model knows (page.md §6.1).
 */
export function withModel(settings: Settings, model: Model): Settings {
  const others = TOOLS.filter(
    (tool) => KEPT_TOOLS.has(tool.name) && settings.tools.has(tool.name) && isOffered(tool, model),
  );
  const tools = new Set([...defaultTools(model), ...others.map(({ name }) => name)]);
  return {
    ...settings,
    ...ownDefaults(model),
    ...keptThinking(settings, model),
    model,
    tools,
    safety: DEFAULT_SAFETY,
  };
}

const KEPT_TOOLS: ReadonlySet<ToolName> = new Set<ToolName>(['structuredOutput', 'googleMaps']);
const DEFAULT_SAFETY = [5, 5, 5, 5];

function keptThinking(settings: Settings, { thinking }: Model): Partial<Settings> {
  const { level, budget, isThinkingOn, isBudgetManual } = settings;
  if (!settings.model?.thinking || !thinking) return {};
  if (thinking.levels.length > 0)
    return level !== undefined && thinking.levels.includes(level) ? { level } : {};
  const { minBudget, maxBudget, canBeOff } = thinking;
  if (settings.model.thinking.maxBudget === undefined || maxBudget === undefined) return {};
  return {
    isThinkingOn: isThinkingOn || !canBeOff,
    isBudgetManual,
    budget: Math.min(Math.max(budget, minBudget), maxBudget),
  };
}

/**
 * Search is on by itself by capability 50, or where the model has it and its record or the
 * preference says so (page.md §6.5).
 */
function defaultTools(model: Model | undefined): ReadonlySet<ToolName> {
  const { enableSearchAsATool } = preferences.value;
  const isGrounded =
    model?.capabilities.has(CAPABILITY.searchByDefault) ||
    (model?.capabilities.has(CAPABILITY.search) &&
      (model.defaultOn.has(CAPABILITY.search) || enableSearchAsATool));
  return new Set(isGrounded ? ['googleSearch'] : []);
}

function ownDefaults(
  model: Model | undefined,
): Pick<
  Settings,
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'maxOutputTokens'
  | 'isThinkingOn'
  | 'isBudgetManual'
  | 'budget'
  | 'level'
> {
  return {
    temperature: model?.temperature,
    topP: model?.topP,
    topK: model?.topK,
    maxOutputTokens: model?.outputLimit,
    isThinkingOn: !model?.thinking?.isOffByDefault,
    isBudgetManual: false,
    budget: model?.thinking?.budget ?? 0,
    level: model?.thinking?.level,
  };
}
