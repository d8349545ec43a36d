import {
  type Annotation,
  type Delta,
  type ToolCall,
  toReasoning,
  type WritingOptions,
} from './answer.ts';
import { jsonBytes, splitText } from './split-text.ts';

/** Readers of streams take lines of up to 64 kB; the rest of a line is left for what is around a delta. */
export const MAX_DELTA_BYTES = 48_000;

/**
 * One piece of an answer as the deltas of chunks, none of which makes a line that readers of streams
 * would not take: long texts, arguments and images come in several. An image stands in the text alone,
 * since beside it there is no way to divide it.
 */
export function* toStreamDeltas(step: Delta, options: WritingOptions): Generator<object> {
  if ('reasoning_content' in step) {
    if (options.hidesReasoning) return;
    const max = options.mirrorsReasoning ? MAX_DELTA_BYTES / 2 : MAX_DELTA_BYTES;
    for (const piece of splitText(step.reasoning_content, max)) {
      yield toReasoning(piece, options.mirrorsReasoning);
    }
  } else if ('content' in step) {
    for (const content of splitText(step.content, MAX_DELTA_BYTES)) yield { content };
  } else if ('refusal' in step) {
    for (const refusal of splitText(step.refusal, MAX_DELTA_BYTES)) yield { refusal };
  } else if ('annotations' in step) {
    yield { annotations: atMost(step.annotations) };
  } else {
    for (const call of step.tool_calls) yield* toCallDeltas(call, options.hasLegacyCalls ?? false);
  }
}

/** A call: id and name once, its arguments in as many pieces as they need (T-01, T-03). */
function* toCallDeltas(
  call: ToolCall & { readonly index: number },
  isLegacy: boolean,
): Generator<object> {
  const { index, function: called, extra_content: extra, ...rest } = call;
  const head = jsonBytes(called.name) + jsonBytes(JSON.stringify(extra ?? {}));
  const hasExtra = extra !== undefined && head < MAX_DELTA_BYTES / 2; // longer, it would not fit one line
  const max = hasExtra ? MAX_DELTA_BYTES - head : MAX_DELTA_BYTES;
  let isFirst = true;
  for (const piece of splitText(called.arguments, max)) {
    const fields = isFirst ? { name: called.name, arguments: piece } : { arguments: piece };
    const first = { ...rest, function: fields, ...(hasExtra ? { extra_content: extra } : {}) };
    if (isLegacy) yield { function_call: fields };
    else yield { tool_calls: [{ index, ...(isFirst ? first : { function: fields }) }] };
    isFirst = false;
  }
}

/** All in one piece, for a second list could not be merged with the first (T-02): as many as fit. */
function atMost(annotations: readonly Annotation[]): Annotation[] {
  let bytes = 0;
  return annotations.filter((annotation) => {
    const more = jsonBytes(JSON.stringify(annotation));
    if (bytes + more > MAX_DELTA_BYTES) return false;
    bytes += more;
    return true;
  });
}
