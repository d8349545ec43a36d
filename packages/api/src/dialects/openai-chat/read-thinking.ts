import { type ChatRequest } from './request.ts';
import { type ReasoningEffort } from './thinking-request.ts';

/** One parameter's word on thinking. */
interface ThinkingParam {
  readonly param: string;
  /** `on`: as much as the model likes. */
  readonly effort: ReasoningEffort | 'on';
}

/** What a request wants of thinking. */
export interface ThinkingRequest {
  /** Absent = the model's own default. */
  readonly effort: ReasoningEffort | undefined;
  /** The parameter that says so. */
  readonly param: string;
  /** Parameters that say something else, and are not followed. */
  readonly overruled: readonly string[];
}

/**
 * What the request's parameters say of thinking together. Where they disagree, one that switches it off
 * wins, then the first that says how much: Google's own, then Anthropic's, OpenRouter's, OpenAI's, Qwen's.
 */
export function readThinking(request: ChatRequest): ThinkingRequest {
  const wishes = wishesOf(request);
  const chosen =
    wishes.find(({ param, effort }) => effort === 'none' && SWITCHES.has(param)) ??
    wishes.find(({ effort }) => effort !== 'on') ??
    wishes[0];
  if (!chosen) return { effort: undefined, param: 'reasoning_effort', overruled: [] };
  const { param, effort } = chosen;
  const overruled = wishes
    .filter((wish) => wish.effort !== effort && wish.effort !== 'on')
    .map((wish) => wish.param);
  return { effort: effort === 'on' ? -1 : effort, param, overruled };
}

/** Whether the client does not want to see what the model thinks. */
export function hidesThinking({ reasoning, include_reasoning, google }: ChatRequest): boolean {
  const config = google?.thinking_config ?? google?.thinkingConfig;
  const isShown = config?.include_thoughts ?? config?.includeThoughts;
  return reasoning?.exclude === true || include_reasoning === false || isShown === false;
}

/** Parameters that can switch thinking off, as distinct from asking for none of it. */
const SWITCHES: ReadonlySet<string> = new Set([
  'thinking',
  'reasoning',
  'enable_thinking',
  'chat_template_kwargs',
]);

function wishesOf(request: ChatRequest): ThinkingParam[] {
  const { google, thinking, reasoning, chat_template_kwargs: kwargs } = request;
  const config = google?.thinking_config ?? google?.thinkingConfig;
  const said: (readonly [param: string, effort: ThinkingParam['effort'] | null | undefined])[] = [
    ['google.thinking_config', config?.thinking_level ?? config?.thinkingLevel],
    ['google.thinking_config', config?.thinking_budget ?? config?.thinkingBudget],
    ['thinking', thinking?.type === 'disabled' ? 'none' : thinking?.budget_tokens],
    ['thinking', thinking?.type && thinking.type !== 'disabled' ? 'on' : undefined],
    ['reasoning', reasoning?.enabled === false ? 'none' : reasoning?.effort],
    ['reasoning', reasoning?.max_tokens],
    ['reasoning', toSwitch(reasoning?.enabled)],
    ['reasoning_effort', request.reasoning_effort],
    ['thinking_budget', request.thinking_budget],
    ['enable_thinking', toSwitch(request.enable_thinking)],
    ['chat_template_kwargs', kwargs?.reasoning_effort],
    ['chat_template_kwargs', kwargs?.thinking_budget],
    ['chat_template_kwargs', toSwitch(kwargs?.enable_thinking ?? kwargs?.thinking)],
  ];
  return said.flatMap(([param, effort]) =>
    effort === null || effort === undefined ? [] : [{ param, effort }],
  );
}

function toSwitch(isOn: boolean | null | undefined): 'on' | 'none' | undefined {
  if (isOn === null || isOn === undefined) return undefined;
  return isOn ? 'on' : 'none';
}
