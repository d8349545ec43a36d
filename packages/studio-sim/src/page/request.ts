import { attest } from '../wire/attestation.ts';
import { message } from '../wire/message.ts';
import { encodeSchema } from '../wire/schema.ts';
import { CAPABILITY } from './model-record.ts';
import { type Settings } from './settings.ts';

/** One content of a conversation, in its wire form: `[[part, …], role]`. */
export type Content = readonly [parts: readonly unknown[], role: 'user' | 'model'];

const SAFETY_CATEGORIES = [7, 8, 9, 10];
const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What a request says of the chat besides its contents. */
export interface RequestContext {
  /** The response id of the chat's previous answer. */
  readonly previousId?: string | undefined;
}

/**
 * The GenerateContent request that the controls show (wire-format.md §4). It is as long as what is
 * set in it.
 */
export async function generateContentRequest(
  contents: readonly Content[],
  settings: Settings,
  { previousId }: RequestContext = {},
): Promise<unknown[]> {
  const isImageModel = settings.model?.capabilities.has(CAPABILITY.imageOut) ?? false;
  return message({
    0: pathOf(settings),
    1: contents,
    2: isImageModel ? undefined : safetyOf(settings),
    3: generationConfig(settings),
    4: await attest(contents),
    5: systemOf(settings),
    6: toolsOf(settings),
    11: previousId,
    13: toolConfigOf(settings),
  });
}

/** The CountTokens request: one chunk of the chat at a time (wire-format.md §7). */
export function countTokensRequest(content: Content, settings: Settings): unknown[] {
  const model = pathOf(settings);
  const isText = content[0].every(
    (part) => Array.isArray(part) && part[1] !== undefined && part[1] !== null,
  );
  return isText ? [model, [content]] : [model, null, [model, [content]]];
}

function pathOf({ model }: Settings): string {
  return `models/${model?.id ?? ''}`;
}

/** The generation config (wire-format.md §4.1). */
export function generationConfig(settings: Settings): unknown[] {
  const { model, tools, responseSchema, stopSequences } = settings;
  const hasSchema = tools.has('structuredOutput');
  return message({
    1: stopSequences.length > 0 ? stopSequences : undefined,
    3: settings.maxOutputTokens,
    4: settings.temperature,
    5: settings.topP,
    6: settings.topK,
    7: hasSchema ? 'application/json' : undefined,
    8: hasSchema && responseSchema ? encodeSchema(responseSchema) : undefined,
    13: model?.capabilities.has(CAPABILITY.toolFlag) && !isAudio(settings) ? 1 : undefined,
    14: modalitiesOf(settings),
    16: thinkingOf(settings),
    17: model?.capabilities.has(CAPABILITY.mediaResolution)
      ? settings.mediaResolution || undefined
      : undefined,
  });
}

function modalitiesOf({ model }: Settings): number[] | undefined {
  if (model?.capabilities.has(CAPABILITY.imageOut)) return [2, 1];
  return model?.capabilities.has(CAPABILITY.speech) ? [3] : undefined;
}

function isAudio({ model }: Settings): boolean {
  return model?.capabilities.has(CAPABILITY.speech) ?? false;
}

/** The budget is −1 while it is automatic; without any thinking none is to be included. */
function thinkingOf(settings: Settings): unknown[] | undefined {
  const { model, isThinkingOn, isBudgetManual, budget, level } = settings;
  if (!model?.thinking || !model.capabilities.has(CAPABILITY.thinking)) return undefined;
  if (model.thinking.levels.length > 0)
    return model.capabilities.has(CAPABILITY.level) ? [1, null, null, level] : [1];
  if (!model.capabilities.has(CAPABILITY.budget)) return [1];
  if (!isThinkingOn) return [0, 0];
  return [1, isBudgetManual ? budget : -1];
}

function safetyOf({ safety }: Settings): unknown[] {
  return SAFETY_CATEGORIES.map((category, index) => [null, null, category, safety[index] ?? 5]);
}

function systemOf({ systemInstruction, model }: Settings): unknown[] | undefined {
  if (systemInstruction === '' || !model?.capabilities.has(CAPABILITY.system)) return undefined;
  return [[[null, systemInstruction]], 'user'];
}

/** Each tool is a message of its own, in the page's order (wire-format.md §4.4). */
function toolsOf({ tools, declarations }: Settings): unknown[] | undefined {
  const list: unknown[] = [];
  if (tools.has('codeExecution')) list.push([[]]);
  if (tools.has('functionCalling') && declarations.length > 0)
    list.push([
      null,
      declarations.map(({ name, description, parameters }) => [
        name,
        ...(description !== undefined || parameters ? [description ?? null] : []),
        ...(parameters ? [encodeSchema(parameters)] : []),
      ]),
    ]);
  if (tools.has('googleSearch')) list.push([null, null, null, [null, [[]]]]);
  if (tools.has('urlContext')) list.push(message({ 7: [] }));
  if (tools.has('googleMaps')) list.push(message({ 10: [] }));
  return list.length > 0 ? list : undefined;
}

/** The time zone goes with search, and a flag with functions or Maps beside another built-in tool. */
function toolConfigOf({ tools, declarations }: Settings): unknown[] | undefined {
  const timeZone = tools.has('googleSearch') ? [null, null, TIME_ZONE] : null;
  const isMixed =
    ((tools.has('functionCalling') && declarations.length > 0) || tools.has('googleMaps')) &&
    (tools.has('codeExecution') || tools.has('googleSearch') || tools.has('urlContext'));
  if (!timeZone && !isMixed) return undefined;
  return isMixed ? [timeZone, null, true] : [timeZone];
}
