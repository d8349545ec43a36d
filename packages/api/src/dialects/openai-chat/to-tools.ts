import {
  type FunctionCallingMode,
  type FunctionDeclaration,
  type ModelInfo,
  type Settings,
  StudioError,
} from '@aistudio/core';

import { type AllowedTools } from './request-tools.ts';
import { type ChatRequest } from './request.ts';

/** What of the settings the request's tools decide. */
export type ToolSettings = Pick<
  Settings,
  'functions' | 'calling' | 'googleSearch' | 'urlContext' | 'codeExecution'
>;

/** Whether the request declares its functions in OpenAI's older form, and is to be answered in it. */
export const hasLegacyCalls = ({ tools, functions }: ChatRequest): boolean =>
  (functions ?? []).length > 0 && (tools ?? []).length === 0;

/** The functions of a request that mean Google's own search: they are not called, but it is switched on. */
export const searchFunctions = (request: ChatRequest): string[] =>
  declaredIn(request).flatMap((declared) => (isSearch(declared) ? [declared.name] : []));

/** Keywords that give a function no arguments. */
const WITHOUT_ARGUMENTS: ReadonlySet<string> = new Set([
  'type',
  'title',
  'description',
  'additionalProperties',
  '$schema',
]);

const isEmpty = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || Object.keys(value).length === 0;

/** One that takes arguments is a function of the client's own, whatever its name. */
function isSearch({ name, parameters }: Declared): boolean {
  const takes = Object.entries(parameters ?? {}).some(
    ([keyword, value]) =>
      !WITHOUT_ARGUMENTS.has(keyword) && (keyword === '$ref' || !isEmpty(value)),
  );
  return SEARCH_FUNCTIONS.has(name) && !takes;
}

const declaredIn = ({ tools, functions }: ChatRequest): Declared[] => [
  ...(tools ?? []).flatMap((tool) => (tool.type === 'function' ? [tool.function] : [])),
  ...(functions ?? []),
];

/** Names that are declared again, in another way: the first declaration is the one that counts. */
export function repeatedFunctions(request: ChatRequest): string[] {
  const first = new Map<string, string>();
  const repeated = declaredIn(request).filter((declared) => {
    const { name, ...rest } = declared;
    const text = JSON.stringify(rest);
    const isOther = (first.get(name) ?? text) !== text;
    if (!first.has(name)) first.set(name, text);
    return isOther;
  });
  return [...new Set(repeated.map(({ name }) => name))];
}

/** Names in `allowed_tools` of functions that are not declared. */
export function unknownAllowed(request: ChatRequest): string[] {
  const names = new Set(declaredIn(request).map(({ name }) => name));
  return (allowedIn(request.tool_choice)?.tools ?? [])
    .filter(({ type }) => type === 'function')
    .flatMap((tool) => tool.function?.name ?? tool.name ?? [])
    .filter((name) => !names.has(name));
}

/** Capability codes of the model list (wire-format.md §9, index 64). */
const CAPABILITIES = { functions: 10, googleSearch: 12, urlContext: 13, codeExecution: 9 } as const;

const BUILT_IN = {
  google_search: 'googleSearch',
  url_context: 'urlContext',
  code_execution: 'codeExecution',
} as const;

/** Names under which clients declare Google's own search as if it were a function without parameters. */
const SEARCH_FUNCTIONS: ReadonlySet<string> = new Set(['google_search', 'googleSearch']);

/**
 * Tools, or OpenAI's older `functions`, as settings. A named tool_choice leaves only that function,
 * `none` leaves none. Throws `unsupported_parameter` for a tool that the model lacks: functions only
 * where `mode` does not let them be declared in words.
 */
export function toTools(
  request: ChatRequest,
  model: ModelInfo,
  mode: FunctionCallingMode,
): ToolSettings {
  const settings: ToolSettings = {
    functions: [],
    googleSearch: false,
    urlContext: false,
    codeExecution: false,
  };
  const choice = request.tool_choice ?? toToolChoice(request.function_call);
  if (choice === 'none') return settings;
  const isAllowed = toFilter(choice);
  for (const [index, tool] of (request.tools ?? []).entries()) {
    if (!isAllowed(tool.type, tool.type === 'function' ? tool.function.name : undefined)) continue;
    const setting = tool.type === 'function' ? 'functions' : BUILT_IN[tool.type];
    if (setting !== 'functions') settings[setting] = true;
    else if (tool.type === 'function') addFunction(settings, tool.function);
    if (setting !== 'functions' || mode === 'native') {
      assertOffered(model, setting, `tools[${index}]`);
    }
  }
  const older = (request.functions ?? []).filter(({ name }) => isAllowed('function', name));
  for (const declared of older) addFunction(settings, declared);
  if (older.length > 0 && mode === 'native') {
    assertOffered(model, 'functions', 'functions');
  }
  const isNamed = typeof choice === 'object' && choice?.type === 'function';
  const left = isNamed ? only(settings, choice.function.name) : settings;
  const isRequired = isNamed || choice === 'required' || allowedIn(choice)?.mode === 'required';
  const isParallel = request.parallel_tool_calls !== false && !hasLegacyCalls(request);
  if (left.functions.length > 0) {
    return {
      ...left,
      calling: { mode, isRequired, isParallel },
    };
  }
  const hasBuiltIn = left.googleSearch || left.urlContext || left.codeExecution;
  if (isRequired && !isNamed && !hasBuiltIn) {
    throw new StudioError('invalid_value', 'tool_choice demands a call, but there are no tools.', {
      param: 'tool_choice',
    });
  }
  return left;
}

const toToolChoice = (call: ChatRequest['function_call']): ChatRequest['tool_choice'] =>
  call && typeof call === 'object' ? { type: 'function', function: { name: call.name } } : call;

/** What `allowed_tools` says, in either of its forms. */
function allowedIn(
  choice: ChatRequest['tool_choice'],
): Extract<AllowedTools, { tools: unknown }> | undefined {
  if (typeof choice !== 'object' || choice?.type !== 'allowed_tools') return undefined;
  return 'tools' in choice ? choice : { type: choice.type, ...choice.allowed_tools };
}

/** Whether a tool may be used: any, unless `allowed_tools` names some of them. */
function toFilter(
  choice: ChatRequest['tool_choice'],
): (type: string, name: string | undefined) => boolean {
  const allowed = allowedIn(choice);
  if (!allowed) return () => true;
  return (type, name) =>
    allowed.tools.some(
      (tool) =>
        tool.type === type && (type !== 'function' || (tool.function?.name ?? tool.name) === name),
    );
}

type Declared = NonNullable<ChatRequest['functions']>[number];

function addFunction(settings: ToolSettings, declared: Declared): void {
  const { name, description, parameters, strict } = declared;
  if (isSearch(declared)) {
    settings.googleSearch = true;
    return;
  }
  if (settings.functions.some((other) => other.name === name)) return;
  const declaration: FunctionDeclaration = {
    name,
    ...(description ? { description } : {}),
    ...(parameters ? { parameters } : {}),
    ...(strict ? { strict } : {}),
  };
  settings.functions.push(declaration);
}

/** A list without capabilities comes from the page itself and says nothing. */
function assertOffered(model: ModelInfo, setting: keyof typeof CAPABILITIES, param: string): void {
  if (model.capabilities.length === 0) return;
  if (model.capabilities.includes(CAPABILITIES[setting])) return;
  throw new StudioError(
    'unsupported_parameter',
    `The model '${model.id}' does not offer this tool: '${param}'.`,
    { param },
  );
}

function only(settings: ToolSettings, name: string): ToolSettings {
  const functions = settings.functions.filter((declared) => declared.name === name);
  if (functions.length > 0) return { ...settings, functions };
  if (SEARCH_FUNCTIONS.has(name) && settings.googleSearch) return { ...settings, functions: [] };
  throw new StudioError('invalid_value', `tool_choice names '${name}', which is not in tools.`, {
    param: 'tool_choice',
  });
}
