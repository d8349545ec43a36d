import { type Part } from '@aistudio/core';

import { type Draft, type RemoteFile } from '../files/remote-file.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { fileTokens, IMAGE_TOKENS } from './file-tokens.ts';

/** How many tokens a plan's prompt has, its files and declarations included. */
export function estimatePrompt({
  turns,
  settings: { functions, structuredOutput },
}: Draft): number {
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
