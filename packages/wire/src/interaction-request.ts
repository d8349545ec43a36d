import { type RequestSummary } from '@aistudio/core';

import { at, listAt, stringsIn, textAt } from './message.ts';
import { type WirePositions } from './positions.ts';
import { present } from './present.ts';
import { digestTexts, withoutPrefix } from './request-digest.ts';

/**
 * What the layout of an interaction does not let us read: its config's positions are not known, and
 * neither is the place of a schema. In the words of a request's parameters.
 */
const UNREAD_CONFIG = ['temperature', 'top_p', 'max_tokens', 'stop', 'thinking', 'response_format'];
const UNREAD_INPUT = ['prompt', 'files'];

/**
 * What a CreateInteraction or CreateInteractionStream request asks for (wire-format.md §5.11), as a
 * GenerateContent request's summary has it. Undefined when it is not such a request.
 */
export function summarizeInteraction(
  request: unknown,
  positions: WirePositions,
): RequestSummary | undefined {
  const {
    interactionRequest: REQUEST,
    interaction: INTERACTION,
    interactionTool: TOOL,
  } = positions;
  const interaction = at(request, REQUEST.interaction);
  const agent = at(interaction, INTERACTION.agent);
  const model = textAt(interaction, INTERACTION.model, 0) ?? stringsIn(agent)[0];
  if (model === undefined) return undefined;
  const tools = listAt(interaction, INTERACTION.tools);
  const has = (position: number): boolean => tools.some((tool) => at(tool, position) !== undefined);
  const system = textAt(interaction, INTERACTION.system);
  const input = readInput(listAt(interaction, INTERACTION.input), positions);
  return {
    model: withoutPrefix(model),
    ...present({
      responseMimeType: textAt(interaction, INTERACTION.responseMimeType),
      systemDigest: system ? digestTexts([system]) : undefined,
    }),
    stop: [],
    hasResponseSchema: false,
    googleSearch: has(TOOL.googleSearch),
    urlContext: has(TOOL.urlContext),
    codeExecution: has(TOOL.codeExecution),
    functionNames: tools.flatMap((tool) => textAt(tool, TOOL.function, 0) ?? []),
    contentCount: input.stepCount,
    partCount: input.texts.length + input.fileCount,
    fileCount: input.fileCount,
    promptDigest: digestTexts(input.texts),
    unread: [...UNREAD_CONFIG, ...(input.isCertain ? [] : UNREAD_INPUT)],
  };
}

interface Input {
  readonly stepCount: number;
  readonly texts: readonly string[];
  readonly fileCount: number;
  /** Whether every string in it has been told to be text or file. */
  readonly isCertain: boolean;
}

/** The input: steps of the user and the model, each with contents that are like deltas. */
function readInput(steps: readonly unknown[], { step: STEP, delta: DELTA }: WirePositions): Input {
  const contents = steps.flatMap((step) =>
    [STEP.user, STEP.output].flatMap((kind) => listAt(step, kind, 0)),
  );
  const files = contents.filter((content) =>
    DELTA.media.some((position) => at(content, position) !== undefined),
  );
  const texts = contents.flatMap((content) => textAt(content, DELTA.text, 0) ?? []);
  const strings = stringsIn(steps);
  const isCertain = strings.length === texts.length + stringsIn(files).length;
  const isOneText = strings.length === 1 && files.length === 0;
  return {
    stepCount: steps.length,
    texts: isCertain ? texts : strings,
    fileCount: files.length,
    isCertain: isCertain || isOneText,
  };
}
