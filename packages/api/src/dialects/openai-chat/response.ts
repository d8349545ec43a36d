import { type JobEvent } from '@aistudio/core';

import {
  type Annotation,
  type Ending,
  type Envelope,
  type InlineImage,
  type FinishWord,
  type LegacyCall,
  type ToolCall,
  toFinishWord,
  toReasoning,
  toSteps,
  type Usage,
  type WritingOptions,
} from '../shared/answer.ts';

/** `chat.completion`, field for field (N-02 … N-08). */
export interface ChatCompletion extends Envelope {
  readonly object: 'chat.completion';
  readonly system_fingerprint: null;
  readonly choices: readonly [
    {
      readonly index: 0;
      readonly message: {
        readonly role: 'assistant';
        readonly content: string | null;
        readonly refusal: string | null;
        readonly reasoning_content?: string;
        readonly reasoning?: string;
        readonly images?: readonly InlineImage[];
        readonly tool_calls?: readonly ToolCall[];
        readonly function_call?: LegacyCall;
        readonly annotations?: readonly Annotation[];
      };
      readonly logprobs: null;
      readonly finish_reason: FinishWord;
    },
  ];
  readonly usage?: Usage;
}

/** The whole answer. Throws the job's error as a RecordedError. */
export async function toCompletion(
  events: AsyncIterable<JobEvent>,
  envelope: Envelope,
  options: WritingOptions,
): Promise<ChatCompletion> {
  let content = '';
  let reasoning = '';
  let refusal: string | null = null;
  const toolCalls: ToolCall[] = [];
  const annotations: Annotation[] = [];
  const images: InlineImage[] = [];
  let ending: Ending | undefined;
  for await (const step of toSteps(events)) {
    if ('content' in step) {
      content += step.content;
      images.push(...(step.images ?? []));
    } else if ('reasoning_content' in step) reasoning += step.reasoning_content;
    else if ('tool_calls' in step) {
      toolCalls.push(...step.tool_calls.map(({ index: _index, ...call }) => call));
    } else if ('annotations' in step) annotations.push(...step.annotations);
    else if ('refusal' in step) refusal = step.refusal;
    else ending = step;
  }
  if (!ending) throw new Error('the answer has no end');
  return {
    id: envelope.id,
    object: 'chat.completion',
    created: envelope.created,
    model: envelope.model,
    system_fingerprint: null,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: content === '' && toolCalls.length > 0 ? null : content,
          refusal,
          ...(reasoning === '' || options.hidesReasoning
            ? {}
            : toReasoning(reasoning, options.mirrorsReasoning)),
          ...toCalls(toolCalls, options),
          ...(images.length > 0 ? { images } : {}),
          ...(annotations.length > 0 ? { annotations } : {}),
        },
        logprobs: null,
        finish_reason: toFinishWord(ending.finishReason, options),
      },
    ],
    ...(ending.usage ? { usage: ending.usage } : {}),
  };
}

function toCalls(
  calls: readonly ToolCall[],
  { hasLegacyCalls }: WritingOptions,
): { tool_calls?: readonly ToolCall[]; function_call?: LegacyCall } {
  const [first] = calls;
  if (!first) return {};
  return hasLegacyCalls ? { function_call: first.function } : { tool_calls: calls };
}
