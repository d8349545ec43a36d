import { attest } from '../wire/attestation.ts';
import { message } from '../wire/message.ts';
import { encodeSchema } from '../wire/schema.ts';
import { CAPABILITY } from './model-record.ts';
import { type Settings } from './settings.ts';

/** One content of a conversation, in its wire form: `[[part, …], role]`. */
export type Content = readonly [parts: readonly unknown[], role: 'user' | 'model'];

const SAFETY_CATEGORIES = [7, 8, 9, 10];
const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The GenerateContent request that the controls show (wire-format.md §4). */
export async function generateContentRequest(
  contents: readonly Content[],
  settings: Settings,
): Promise<unknown[]> {
  const system = systemOf(settings);
  const tools = toolsOf(settings);
  const isImageModel = settings.model?.capabilities.has(CAPABILITY.imageOut) ?? false;
  const attestation = await attest(contents);
  const base = [
    `models/${settings.model?.id ?? ''}`,
    contents,
    isImageModel ? null : safetyOf(settings),
    generationConfig(settings),
    attestation,
    system,
    tools,
    null,
    null,
    null,
    1,
  ];
  const hasFunctions = settings.tools.has('functionCalling');
  const hasBuiltIns = (tools?.length ?? 0) > (hasFunctions ? 1 : 0);
  if (!hasBuiltIns) return base;
  return [...base, null, null, [[null, null, TIME_ZONE], ...(hasFunctions ? [null, true] : [])]];
}

/** The CountTokens request: the short form where contents are all there is (wire-format.md §7). */
export function countTokensRequest(contents: readonly Content[], settings: Settings): unknown[] {
  const model = `models/${settings.model?.id ?? ''}`;
  const system = systemOf(settings);
  const tools = toolsOf(settings);
  if (!system && !tools) return [model, contents];
  return [model, null, [model, contents, null, null, null, system, ...(tools ? [tools] : [])]];
}

/** The generation config (wire-format.md §4.1): at least 14 long. */
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
    13: 1,
    14: modalitiesOf(settings),
    16: thinkingOf(settings),
    17: model?.capabilities.has(CAPABILITY.mediaResolution)
      ? settings.mediaResolution || null
      : null,
  });
}

function modalitiesOf({ model }: Settings): number[] | undefined {
  if (model?.capabilities.has(CAPABILITY.imageOut)) return [2, 1];
  return model?.capabilities.has(CAPABILITY.speech) ? [3] : undefined;
}

function thinkingOf(settings: Settings): unknown[] | undefined {
  const { model, isThinkingOn, isBudgetManual, budget, level } = settings;
  if (!model?.thinking) return undefined;
  if (model.thinking.levels.length > 0) return [1, null, null, level];
  if (!isThinkingOn) return [1, 0];
  return isBudgetManual ? [1, budget] : [1];
}

function safetyOf({ safety }: Settings): unknown[] {
  return SAFETY_CATEGORIES.map((category, index) => [null, null, category, safety[index] ?? 5]);
}

function systemOf({ systemInstruction }: Settings): unknown[] | null {
  return systemInstruction === '' ? null : [[[null, systemInstruction]], 'user'];
}

/** Functions first, then built-ins in the order of the panel (wire-format.md §4.4). */
function toolsOf({ tools, declarations }: Settings): unknown[] | null {
  const list: unknown[] = [];
  if (tools.has('functionCalling') && declarations.length > 0)
    list.push([
      null,
      declarations.map(({ name, description, parameters }) => [
        name,
        ...(description !== undefined || parameters ? [description ?? null] : []),
        ...(parameters ? [encodeSchema(parameters)] : []),
      ]),
    ]);
  if (tools.has('codeExecution')) list.push([[]]);
  if (tools.has('googleSearch')) list.push([null, null, null, [null, [[]]]]);
  if (tools.has('urlContext')) list.push(message({ 7: [] }));
  if (tools.has('googleMaps')) list.push(message({ 10: [] }));
  return list.length > 0 ? list : null;
}
