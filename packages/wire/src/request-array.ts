import { type RequestSummary } from '@aistudio/core';

import { parseArray } from './frames.ts';
import { summarizeInteraction } from './interaction-request.ts';
import { at, integerAt, listAt, numberAt, textAt, textsAt } from './message.ts';
import { type WirePositions, wirePositions } from './positions.ts';
import { present } from './present.ts';
import { digestTexts, withoutPrefix } from './request-digest.ts';
import { type ModelRpc } from './rpc.ts';
import { withoutSecrets } from './secrets.ts';
import { levelOf } from './thinking-level.ts';

/**
 * What a request to a model asks for, without its content and its secrets. Undefined when the body is
 * not such a request. `rpc` is the method it calls; GetInteractionStream asks for nothing new.
 */
export function summarizeRequest(
  body: Uint8Array,
  rpc: ModelRpc = 'GenerateContent',
  positions: WirePositions = wirePositions,
): RequestSummary | undefined {
  const request = withoutSecrets(rpc, 'request', parseArray(body), { positions });
  if (rpc === 'GenerateContent') return summarizeGenerateContent(request, positions);
  return rpc === 'GetInteractionStream' ? undefined : summarizeInteraction(request, positions);
}

function summarizeGenerateContent(
  request: unknown,
  positions: WirePositions,
): RequestSummary | undefined {
  const { request: REQUEST, config: CONFIG, tool: TOOL, part: PART } = positions;
  const model = textAt(request, REQUEST.model);
  if (model === undefined) return undefined;
  const contents = listAt(request, REQUEST.contents);
  const parts = contents.flatMap((content) => listAt(content, 0));
  const textsOf = (list: readonly unknown[]): string[] =>
    list.flatMap((part) => textAt(part, PART.text) ?? []);
  const systemTexts = textsOf(listAt(request, REQUEST.system, 0));
  const config = at(request, REQUEST.config);
  const tools = listAt(request, REQUEST.tools);
  const thinking = at(config, CONFIG.thinking);
  return {
    model: withoutPrefix(model),
    ...present({
      temperature: numberAt(config, CONFIG.temperature),
      topP: numberAt(config, CONFIG.topP),
      topK: numberAt(config, CONFIG.topK),
      maxOutputTokens: integerAt(config, CONFIG.maxOutputTokens),
      responseMimeType: textAt(config, CONFIG.responseMimeType),
      thinking: toThinking(thinking, positions),
      systemDigest: systemTexts.length > 0 ? digestTexts(systemTexts) : undefined,
    }),
    stop: textsAt(config, CONFIG.stop),
    hasResponseSchema: at(config, CONFIG.responseSchema) !== undefined,
    googleSearch: tools.some((tool) => isGoogleSearch(at(tool, TOOL.googleSearch))),
    urlContext: tools.some((tool) => at(tool, TOOL.urlContext) !== undefined),
    codeExecution: tools.some((tool) => at(tool, TOOL.codeExecution) !== undefined),
    functionNames: tools.flatMap((tool) =>
      listAt(tool, TOOL.functions).flatMap((declaration) => textAt(declaration, 0) ?? []),
    ),
    contentCount: contents.length,
    partCount: parts.length,
    fileCount: parts.filter((part) =>
      [PART.media, PART.driveFile, PART.externalFile].some(
        (position) => at(part, position) !== undefined,
      ),
    ).length,
    promptDigest: digestTexts(textsOf(parts)),
    ...(isLevelKnown(thinking, positions) ? {} : { unread: ['thinking'] }),
  };
}

/** Image models send the search tool with an empty list of kinds: no search (§4.4). */
function isGoogleSearch(search: unknown): boolean {
  if (search === undefined) return false;
  const kinds = at(search, 1);
  return !Array.isArray(kinds) || kinds.length > 0;
}

/** `[1]` and `[1,-1]` are automatic, `[1,budget]` or `[1,null,null,level]` is set (§4.1). */
function toThinking(
  thinking: unknown,
  { thinking: THINKING }: WirePositions,
): RequestSummary['thinking'] {
  if (thinking === undefined) return undefined;
  const budget = integerAt(thinking, THINKING.budget);
  return present({
    budget: budget === AUTOMATIC ? undefined : budget,
    level: levelOf(at(thinking, THINKING.level)),
  });
}

/** A level of later days, such as 5, has no name here (§4.1). */
function isLevelKnown(thinking: unknown, { thinking: THINKING }: WirePositions): boolean {
  const level = at(thinking, THINKING.level);
  return level === undefined || levelOf(level) !== undefined;
}

/** The budget of a model that decides itself. */
const AUTOMATIC = -1;
