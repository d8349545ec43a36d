import { attestText } from '../wire/attestation.ts';
import { at, message, stringAt } from '../wire/message.ts';
import { encodeSchema } from '../wire/schema.ts';
import { type Content, generationConfig } from './request.ts';
import { type Settings } from './settings.ts';

/** What the request says of the chat besides its contents. */
export interface InteractionOptions {
  /** The interaction that this one continues: only what came after it is sent. */
  readonly previousId?: string | undefined;
  readonly isBackground: boolean;
}

/** Thinking levels have other numbers here: 1 minimal, 2 low, 3 medium, 4 high. */
const LEVELS: Readonly<Record<number, number>> = { 4: 1, 1: 2, 2: 3, 3: 4 };
const LEVEL_AT = [16, 3] as const;

/**
 * The CreateInteraction or CreateInteractionStream request that the controls show (wire-format.md
 * §3). Which field is where is known; what a content of an input step and the config hold inside
 * follows GenerateContent (inferred).
 */
export async function interactionRequest(
  contents: readonly Content[],
  settings: Settings,
  { previousId, isBackground }: InteractionOptions,
): Promise<unknown[]> {
  const lastAnswer = contents.findLastIndex(([, role]) => role === 'model');
  const input = previousId === undefined ? contents : contents.slice(lastAnswer + 1);
  const attested = input.flatMap(([parts]) => parts.map((part) => stringAt(part, 1) ?? ''));
  const interaction = message({
    6: settings.systemInstruction === '' ? undefined : settings.systemInstruction,
    7: toolsOf(settings),
    15: settings.tools.has('structuredOutput') ? 'application/json' : undefined,
    16: previousId,
    17: [`models/${settings.model?.id ?? ''}`, configOf(settings)],
    26: input.map(toStep),
  });
  const attestation = await attestText(attested.join(' '));
  return message({
    0: isBackground ? undefined : 1,
    1: 1,
    2: isBackground ? 1 : undefined,
    3: interaction,
    4: attestation,
    5: 1,
  });
}

/** User input or an earlier answer. */
function toStep([parts, role]: Content): unknown[] {
  return message({ [role === 'user' ? 0 : 1]: [parts.map(toContent)] });
}

/** A text or an image; other parts have no form that is known. */
function toContent(part: unknown): unknown[] {
  const text = stringAt(part, 1);
  return text === undefined ? message({ 1: at(part, 2) }) : message({ 0: [text] });
}

function configOf(settings: Settings): unknown[] {
  const config = generationConfig(settings);
  const [thinking, level] = LEVEL_AT;
  const block = config[thinking];
  const code = at(block, level);
  if (!Array.isArray(block) || typeof code !== 'number') return config;
  return config.with(thinking, block.with(level, LEVELS[code]));
}

function toolsOf({ tools, declarations }: Settings): unknown[] | undefined {
  const functions = tools.has('functionCalling') ? declarations : [];
  const list = [
    ...functions.map(({ name, description, parameters }) =>
      message({
        0: message({ 0: name, 1: description, 2: parameters && encodeSchema(parameters) }),
      }),
    ),
    ...(tools.has('codeExecution') ? [message({ 1: [] })] : []),
    ...(tools.has('urlContext') ? [message({ 2: [] })] : []),
    ...(tools.has('googleSearch') ? [message({ 5: [] })] : []),
  ];
  return list.length > 0 ? list : undefined;
}
