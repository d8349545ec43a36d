import { type JobEvent, type JobEventOf, type Part } from '@aistudio/core';

import { type Draft, type RemoteFile } from '../openai/remote-file.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { fileTokens, IMAGE_TOKENS } from './file-tokens.ts';

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
      const completed = toUsage(plan, event.completionTokens, estimateTokens(reasoning));
      yield isPartial ? completed : event;
      continue;
    }
    if (event.type === 'reasoning') reasoning += event.text;
    else if (event.type === 'text') said += event.text;
    else if (event.type === 'tool_call') said += `\n${event.name} ${event.arguments}`;
    else if (event.type === 'media') mediaTokens += fileTokens(event);
    else if (event.type === 'finish' && !isKnown) {
      yield toUsage(plan, estimateTokens(said) + mediaTokens, estimateTokens(reasoning));
    }
    yield event;
  }
}

function toUsage(
  plan: Draft,
  completionTokens: number,
  reasoningTokens: number,
): JobEventOf<'usage'> {
  const promptTokens = estimatePrompt(plan);
  return {
    type: 'usage',
    promptTokens,
    completionTokens,
    reasoningTokens,
    totalTokens: promptTokens + completionTokens + reasoningTokens,
    exact: false,
  };
}

function estimatePrompt({ turns, settings: { functions, structuredOutput } }: Draft): number {
  const parts = turns.flatMap((turn) => turn.parts);
  const declared = [...functions, structuredOutput?.schema].filter((one) => one !== undefined);
  return [
    ...parts.map(partTokens),
    ...declared.map((one) => estimateTokens(JSON.stringify(one))),
  ].reduce((sum, tokens) => sum + tokens, 0);
}

function partTokens(part: Part | RemoteFile): number {
  if (part.type === 'remote_file') return IMAGE_TOKENS; // never fetched here; most are images
  if (part.type === 'file') return fileTokens(part);
  if (part.type === 'tool_call') return estimateTokens(`${part.name} ${part.arguments}`);
  return estimateTokens(part.text);
}
