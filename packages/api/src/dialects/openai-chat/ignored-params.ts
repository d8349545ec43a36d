import { StudioError } from '@aistudio/core';

import { type ChatRequest } from './request.ts';
import { ThinkingParams } from './thinking-request.ts';

/** Parameters that have an effect, whatever their value. */
const HONOURED: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'stream',
  'temperature',
  'top_p',
  'max_completion_tokens',
  'max_tokens',
  'max_output_tokens',
  'stop',
  ...Object.keys(ThinkingParams),
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'functions',
  'function_call',
  'response_format',
  'continue_final_message',
  'add_generation_prompt',
]);

/** Values that ask for nothing beyond what happens anyway. */
const ASKS_FOR_NOTHING: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: (value) => value === 1,
  logprobs: (value) => value === false || value === 0,
  top_logprobs: (value) => value === 0,
  logit_bias: () => true, // one that is not empty was refused
  modalities: () => true, // audio was refused
  frequency_penalty: (value) => value === 0,
  presence_penalty: (value) => value === 0,
  repetition_penalty: (value) => value === 1,
  repeat_penalty: (value) => value === 1,
  top_k: (value) => value === 0 || value === -1,
  top_a: (value) => value === 0,
  min_p: (value) => value === 0,
  typical_p: (value) => value === 1,
  store: (value) => value === false,
  service_tier: (value) => value === 'auto' || value === 'default',
};

/** The given parameters that change nothing, for the `x-ignored-params` header. */
export function ignoredParams(request: ChatRequest): string[] {
  return [...Object.entries(request), ...innerParams(request)]
    .filter(([name, value]) => {
      if (HONOURED.has(name) || value === null || value === undefined) return false;
      if (name === 'stream_options') return !request.stream;
      return !ASKS_FOR_NOTHING[name]?.(value);
    })
    .map(([name]) => name);
}

/** What `google` and `chat_template_kwargs` say of thinking. */
const ABOUT_THINKING: ReadonlySet<string> = new Set([
  'thinking_config',
  'thinkingConfig',
  'enable_thinking',
  'thinking',
  'thinking_budget',
  'reasoning_effort',
]);

/** What stands beside thinking in the parameters that can hold more, by the names `outer.inner`. */
function innerParams({ google, chat_template_kwargs: kwargs }: ChatRequest): [string, unknown][] {
  const outer = { google, chat_template_kwargs: kwargs };
  return Object.entries(outer).flatMap(([name, value]) =>
    Object.entries(value ?? {})
      .filter(([key]) => !ABOUT_THINKING.has(key))
      .map(([key, inner]): [string, unknown] => [`${name}.${key}`, inner]),
  );
}

/** Throws `unsupported_parameter` for what would need an answer that AI Studio cannot give. */
export function refuseUnsupported(request: ChatRequest): void {
  const refusals: readonly [param: string, isAsked: boolean, message: string][] = [
    ['n', (request.n ?? 1) > 1, 'AI Studio gives one answer per prompt: n must be 1.'],
    ['logprobs', Boolean(request.logprobs), 'AI Studio gives no log probabilities.'],
    [
      'logit_bias',
      Object.keys(request.logit_bias ?? {}).length > 0,
      'AI Studio has no logit bias.',
    ],
    ['audio', Boolean(request['audio']), 'This server gives no audio output.'],
    [
      'modalities',
      (request.modalities ?? []).includes('audio'),
      'This server gives no audio output.',
    ],
  ];
  for (const [param, isAsked, message] of refusals) {
    if (isAsked) throw new StudioError('unsupported_parameter', message, { param });
  }
}

/** What does not shape the answer: it is about who asks, and how the request is counted, kept or sent. */
const HARMLESS: ReadonlySet<string> = new Set([
  'cache_control',
  'chat_id',
  'client_metadata',
  'conversation_id',
  'extra_headers',
  'extra_query',
  'id',
  'message_id',
  'metadata',
  'prediction',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'request_id',
  'safety_identifier',
  'service_tier',
  'session_id',
  'store',
  'stream_options',
  'timeout',
  'trace',
  'trace_id',
  'usage',
  'user',
  'user_id',
]);

/**
 * Throws `unsupported_parameter` for the first of the `ignored` that would have shaped the answer, as
 * far as is known: a parameter that nobody here knows counts as one.
 */
export function refuseIgnored(ignored: readonly string[]): void {
  const param = ignored.find((name) => !HARMLESS.has(name));
  if (param === undefined) return;
  throw new StudioError(
    'unsupported_parameter',
    `AI Studio cannot do as '${param}' says for this model, and this server is strict (STRICT_PARAMS). Leave it out.`,
    { param },
  );
}
