import { StudioError } from '@aistudio/core';

import { type ChatRequest } from './chat-request.ts';

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
  'reasoning_effort',
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
  store: (value) => value === false,
  service_tier: (value) => value === 'auto' || value === 'default',
};

/** The given parameters that change nothing, for the `x-ignored-params` header. */
export function ignoredParams(request: ChatRequest): string[] {
  return Object.entries(request)
    .filter(([name, value]) => {
      if (HONOURED.has(name) || value === null || value === undefined) return false;
      if (name === 'stream_options') return !request.stream;
      return !ASKS_FOR_NOTHING[name]?.(value);
    })
    .map(([name]) => name);
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

/** What would have shaped the answer, had it an effect. */
const SHAPING: ReadonlySet<string> = new Set([
  'frequency_penalty',
  'presence_penalty',
  'repetition_penalty',
  'reasoning_effort',
  'seed',
  'temperature',
  'top_k',
  'top_p',
  'min_p',
  'verbosity',
]);

/** Throws `unsupported_parameter` for the first of the `ignored` that would have shaped the answer. */
export function refuseIgnored(ignored: readonly string[]): void {
  const param = ignored.find((name) => SHAPING.has(name));
  if (param === undefined) return;
  throw new StudioError(
    'unsupported_parameter',
    `AI Studio cannot do as '${param}' says for this model, and this server is strict (STRICT_PARAMS). Leave it out.`,
    { param },
  );
}
