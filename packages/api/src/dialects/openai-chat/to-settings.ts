import { type FunctionCallingMode, type ModelInfo, type Settings } from '@aistudio/core';

import { readThinking } from './read-thinking.ts';
import { type ChatRequest } from './request.ts';
import { toThinking } from './to-thinking.ts';
import { repeatedFunctions, searchFunctions, toTools, unknownAllowed } from './to-tools.ts';

/** What applies where the client says nothing; absent = the model's own. */
export interface SettingDefaults {
  /** 0–2 */
  readonly temperature: number | undefined;
  /** 0–1 */
  readonly topP: number | undefined;
  /** tokens */
  readonly maxOutputTokens: number | undefined;
  /** How functions are declared; absent = `auto`. */
  readonly functionCallingMode?: FunctionCallingMode;
}

/** What the run-settings panel gets, and what became of wishes that it cannot fulfil exactly. */
export interface SettingsChoice {
  readonly settings: Settings;
  /** Parameters that have no effect, or not the one asked for. */
  readonly ignored: readonly string[];
  /** What was changed and to what, one sentence each. */
  readonly warnings: readonly string[];
}

/** The page settings for a request to this model. Throws a 400 for what would change its meaning. */
export function toSettings(
  request: ChatRequest,
  model: ModelInfo,
  defaults: SettingDefaults,
): SettingsChoice {
  const ignored: string[] = [];
  const warnings: string[] = [];
  const settings: Settings = {
    stop: (request.stop ?? []).filter(Boolean),
    ...toTools(request, model, defaults.functionCallingMode ?? 'auto'),
  };
  for (const name of settings.googleSearch ? searchFunctions(request) : []) {
    warnings.push(`tools: ${name} without parameters is AI Studio's own search and makes no calls`);
  }

  for (const name of settings.functions.length > 0 ? repeatedFunctions(request) : []) {
    warnings.push(`tools: ${name} is declared more than once, and the first declaration counts`);
  }
  for (const name of unknownAllowed(request)) {
    warnings.push(`tool_choice: allowed_tools names ${name}, which is not in tools`);
  }

  const sampling = [
    ['temperature', 'temperature', request.temperature],
    ['top_p', 'topP', request.top_p],
  ] as const;
  for (const [param, field, given] of sampling) {
    const value = given ?? defaults[field];
    const isSettable = model[field] !== undefined;
    if (isSettable && value !== undefined) settings[field] = value;
    if (!isSettable && typeof given === 'number') ignored.push(param);
  }

  const limit = outputLimit(request);
  for (const param of LIMITS) {
    if (request[param] === 0) warnings.push(`${param} 0 taken for no limit`);
  }
  const tokens = limit?.tokens ?? defaults.maxOutputTokens;
  if (tokens !== undefined) {
    settings.maxOutputTokens = Math.min(tokens, model.outputTokenLimit ?? tokens);
    if (limit && settings.maxOutputTokens < tokens) {
      warnings.push(
        `${limit.param} ${tokens} lowered to the model's limit ${settings.maxOutputTokens}`,
      );
    }
  }

  const { effort, param, overruled } = readThinking(request);
  ignored.push(...overruled);
  if (effort !== undefined) {
    const { thinking, isApproximate } = toThinking(effort, model.thinking);
    if (thinking) settings.thinking = thinking;
    if (isApproximate) ignored.push(param);
  }

  const format = request.response_format;
  if (format && format.type !== 'text') {
    const { schema, strict } =
      format.type === 'json_schema' ? format.json_schema : { schema: format.schema, strict: false };
    settings.structuredOutput = schema ? { schema, ...(strict ? { strict } : {}) } : {};
  }
  return { settings, ignored, warnings };
}

/** Names of the limit on the answer's length, the first that is given counts (openai-behaviours R-01). */
const LIMITS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'] as const;

/** The client's limit, where it has one. */
function outputLimit(request: ChatRequest): { param: string; tokens: number } | undefined {
  for (const param of LIMITS) {
    const tokens = request[param];
    if (tokens !== null && tokens !== undefined && tokens > 0) return { param, tokens };
  }
  return undefined;
}
