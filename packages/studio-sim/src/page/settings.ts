import { type JsonObject } from '../wire/struct.ts';
import { type Model } from './model-record.ts';
import { preferences } from './preferences.ts';

/** A tool of the Tools group. */
export type ToolName =
  | 'structuredOutput'
  | 'codeExecution'
  | 'functionCalling'
  | 'googleSearch'
  | 'urlContext'
  | 'googleMaps';

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
}

/** What a new chat starts with: the model's own defaults (page.md §3). */
export function defaultSettings(model: Model | undefined): Settings {
  return {
    ...samplingOf(model),
    model,
    stopSequences: [],
    mediaResolution: 0,
    tools: new Set(),
    declarations: [],
    responseSchema: undefined,
    systemInstruction: '',
  };
}

/** The same chat with another model: what that model lacks goes, its own defaults come. */
export function withModel(settings: Settings, model: Model): Settings {
  return { ...settings, ...samplingOf(model), model };
}

function samplingOf(
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
