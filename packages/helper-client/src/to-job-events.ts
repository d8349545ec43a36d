import { type FinishReason, type JobEvent, type JobEventOf } from '@aistudio/core';

import { Chunk, type Usage } from './chunk.ts';
import { HelperError } from './helper-error.ts';
import { ToolCalls } from './tool-calls.ts';

/**
 * The answer in a stream of chunks, given as JSON texts: its content as it comes, then its tool
 * calls, each whole, its usage and its finish. Throws {@link HelperError} when the stream says so,
 * is not understood, or ends before the answer does. `onPiece` hears of every piece, also of those of
 * a call that is not whole yet.
 */
export async function* toJobEvents(
  chunks: AsyncIterable<string>,
  onPiece: () => void,
): AsyncGenerator<JobEvent> {
  const calls = new ToolCalls();
  let finish: string | undefined;
  let usage: Usage | undefined;
  for await (const text of chunks) {
    if (text === '[DONE]') break;
    const chunk = parse(text);
    if (chunk.error) {
      throw new HelperError(`The helper failed: ${chunk.error.message}`, {
        isOutage: true,
        logged: 'The helper failed.',
      });
    }
    usage = chunk.usage ?? usage;
    const choice = chunk.choices?.[0];
    finish = choice?.finish_reason ?? finish;
    const { delta } = choice ?? {};
    const reasoning = delta?.reasoning_content ?? delta?.reasoning;
    if (reasoning || delta?.content || delta?.tool_calls?.length) onPiece();
    if (reasoning) yield { type: 'reasoning', text: reasoning };
    if (delta?.content) yield { type: 'text', text: delta.content };
    for (const call of delta?.tool_calls ?? []) calls.add(call);
    for (const { url_citation: source } of delta?.annotations ?? []) {
      if (source) yield { type: 'citation', url: source.url, title: source.title ?? '' };
    }
  }
  if (finish === undefined) {
    throw new HelperError('The helper broke off in the middle of its answer.', { isOutage: true });
  }
  yield* calls.events();
  if (usage) yield toUsage(usage);
  yield { type: 'finish', reason: FINISH[finish] ?? 'stop' };
}

const FINISH: Readonly<Record<string, FinishReason>> = {
  length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
};

function parse(text: string): Chunk {
  try {
    return Chunk.parse(JSON.parse(text));
  } catch (cause) {
    throw new HelperError('The helper sent something that is no chat completion chunk.', {
      cause,
      isOutage: true,
    });
  }
}

/** Where the total exceeds prompt and completion, the completion leaves thinking out. */
function toUsage(usage: Usage): JobEventOf<'usage'> {
  const { prompt_tokens: promptTokens, completion_tokens: completion } = usage;
  const outside = Math.max(0, (usage.total_tokens ?? 0) - promptTokens - completion);
  const inside = outside > 0 ? 0 : (usage.completion_tokens_details?.reasoning_tokens ?? 0);
  const completionTokens = Math.max(0, completion - inside);
  const reasoningTokens = outside + inside;
  const totalTokens = promptTokens + completionTokens + reasoningTokens;
  return {
    type: 'usage',
    promptTokens,
    completionTokens,
    reasoningTokens,
    totalTokens,
    exact: true, // the service counted
  };
}
