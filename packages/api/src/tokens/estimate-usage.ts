import { type JobEvent, type JobEventOf } from '@aistudio/core';

import { type Draft } from '../files/remote-file.ts';
import { estimatePrompt } from '../offload/offload.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { fileTokens } from './file-tokens.ts';

/**
 * Passes the events on. An answer that ends without its usage gets an estimate just before the end,
 * from the plan and from what was said; of thinking only what was shown is known. Where AI Studio says
 * the answer's count alone, the others are estimated.
 */
export async function* withUsage(
  events: AsyncIterable<JobEvent>,
  plan: Draft,
): AsyncGenerator<JobEvent> {
  let isKnown = false;
  let reasoning = '';
  let said = '';
  let mediaTokens = 0;
  for await (const event of events) {
    if (event.type === 'usage') {
      isKnown = true;
      const isPartial = !event.exact && event.promptTokens === 0;
      yield isPartial
        ? await toUsage(plan, event.completionTokens, estimateTokens(reasoning))
        : event;
      continue;
    }
    if (event.type === 'reasoning') reasoning += event.text;
    else if (event.type === 'text') said += event.text;
    else if (event.type === 'tool_call') said += `\n${event.name} ${event.arguments}`;
    else if (event.type === 'media') mediaTokens += mediaTokensOf(event);
    else if (event.type === 'finish' && !isKnown) {
      yield await toUsage(plan, estimateTokens(said) + mediaTokens, estimateTokens(reasoning));
    }
    yield event;
  }
}

const mediaTokensOf = ({ mimeType, data }: JobEventOf<'media'>): number =>
  fileTokens(mimeType, Buffer.byteLength(data, 'base64'), () => Buffer.from(data, 'base64'));

async function toUsage(
  plan: Draft,
  completionTokens: number,
  reasoningTokens: number,
): Promise<JobEventOf<'usage'>> {
  const promptTokens = await estimatePrompt(plan);
  return {
    type: 'usage',
    promptTokens,
    completionTokens,
    reasoningTokens,
    totalTokens: promptTokens + completionTokens + reasoningTokens,
    exact: false,
  };
}
