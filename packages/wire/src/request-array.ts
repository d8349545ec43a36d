import { createHash } from 'node:crypto';

import { type RequestSummary } from '@aistudio/core';

import { parseArray } from './frames.ts';
import { at, integerAt, listAt, numberAt, textAt, textsAt } from './message.ts';
import { present } from './present.ts';
import { levelOf } from './thinking-level.ts';

/** Positions of the request array (wire-format.md §4). */
const REQUEST = { model: 0, contents: 1, config: 3, system: 5, tools: 6 };
/** Positions of its generation config (§4.1). */
const CONFIG = {
  stop: 1,
  maxOutputTokens: 3,
  temperature: 4,
  topP: 5,
  topK: 6,
  responseMimeType: 7,
  responseSchema: 8,
  thinking: 16,
};
/** Positions of a part (§4.2): inline data, Drive file, external file. */
const FILE_POSITIONS = [2, 5, 6];
/** Positions of a tool (§4.4). */
const TOOL = { codeExecution: 0, functions: 1, googleSearch: 3, urlContext: 7 };

/**
 * SHA-256 in hex of texts joined by nothing: how {@link RequestSummary} tells prompts apart without
 * holding them. For `promptDigest`: every text part of every content, in order.
 */
export function digestTexts(texts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text, 'utf8');
  return hash.digest('hex');
}

/**
 * What a GenerateContent request asks for, without its content. Undefined when the body is not
 * such a request.
 */
export function summarizeRequest(body: Uint8Array): RequestSummary | undefined {
  const request = parseArray(body);
  const model = textAt(request, REQUEST.model);
  if (model === undefined) return undefined;
  const contents = listAt(request, REQUEST.contents);
  const parts = contents.flatMap((content) => listAt(content, 0));
  const systemTexts = textsOf(listAt(request, REQUEST.system, 0));
  const config = at(request, REQUEST.config);
  const tools = listAt(request, REQUEST.tools);
  return {
    model: withoutPrefix(model),
    ...present({
      temperature: numberAt(config, CONFIG.temperature),
      topP: numberAt(config, CONFIG.topP),
      topK: numberAt(config, CONFIG.topK),
      maxOutputTokens: integerAt(config, CONFIG.maxOutputTokens),
      responseMimeType: textAt(config, CONFIG.responseMimeType),
      thinking: toThinking(at(config, CONFIG.thinking)),
      systemDigest: systemTexts.length > 0 ? digestTexts(systemTexts) : undefined,
    }),
    stop: textsAt(config, CONFIG.stop),
    hasResponseSchema: at(config, CONFIG.responseSchema) !== undefined,
    googleSearch: tools.some(isGoogleSearch),
    urlContext: tools.some((tool) => at(tool, TOOL.urlContext) !== undefined),
    codeExecution: tools.some((tool) => at(tool, TOOL.codeExecution) !== undefined),
    functionNames: tools.flatMap((tool) =>
      listAt(tool, TOOL.functions).flatMap((declaration) => textAt(declaration, 0) ?? []),
    ),
    contentCount: contents.length,
    partCount: parts.length,
    fileCount: parts.filter((part) =>
      FILE_POSITIONS.some((position) => at(part, position) !== undefined),
    ).length,
    promptDigest: digestTexts(textsOf(parts)),
  };
}

/** A model id as we write it. */
export const withoutPrefix = (model: string): string => model.replace(/^models\//, '');

const textsOf = (parts: readonly unknown[]): string[] =>
  parts.flatMap((part) => textAt(part, 1) ?? []);

/** Image models send the search tool with an empty list of kinds: no search (§4.4). */
function isGoogleSearch(tool: unknown): boolean {
  if (at(tool, TOOL.googleSearch) === undefined) return false;
  const kinds = at(tool, TOOL.googleSearch, 1);
  return !Array.isArray(kinds) || kinds.length > 0;
}

/** `[1]` is automatic, `[1,budget]` or `[1,null,null,level]` is set (§4.1). */
function toThinking(thinking: unknown): RequestSummary['thinking'] {
  if (thinking === undefined) return undefined;
  return present({ budget: integerAt(thinking, 1), level: levelOf(at(thinking, 3)) });
}
