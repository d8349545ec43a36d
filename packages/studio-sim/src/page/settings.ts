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
    safety: [5, 5, 5, 5],
  };
}

/** The same chat with another model: what that model lacks goes, its own defaults come. */
export function withModel(settings: Settings, model: Model): Settings {
  const kept = TOOLS.filter((tool) => settings.tools.has(tool.name) && isOffered(tool, model));
  const tools = settings.model ? new Set(kept.map(({ name }) => name)) : defaultTools(model);
  return { ...settings, ...ownDefaults(model), model, tools };
}

/** Grounding is on by itself where the model has it (page.md §6.5). */
function defaultTools(model: Model | undefined): ReadonlySet<ToolName> {
  const isGrounded =
    preferences.value.enableSearchAsATool && model?.capabilities.has(CAPABILITY.search);
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
    isThinkingOn: true,
    isBudgetManual: false,
    budget: model?.thinking?.budget ?? 0,
    level: model?.thinking?.level,
  };
}

/** The id of the model that new chats use, as far as the preferences know. */
export function preferredModelId(): string | undefined {
  const { promptModel, _promptModelOverride: override } = preferences.value;
  return (override ?? promptModel)?.replace(/^models\//, '');
}
