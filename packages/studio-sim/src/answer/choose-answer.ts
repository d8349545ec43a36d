import { type DecodedRequest } from '../wire/request-array.ts';
import { type Directive, findDirective } from './directive.ts';
import { inWords } from './in-words.ts';
import { PARAGRAPH_THOUGHTS, PARAGRAPHS } from './paragraphs.ts';
import { sample } from './sample.ts';
import { type ScriptStore } from './scripts.ts';

const ECHO = 'echo: ';

/**
 * Decides what a request is answered with: a script from the control port, the last `@sim` line,
 * the last `echo: `, a declared function that the last prompt names, a response schema, or the
 * default paragraphs. Throws BadDirectiveError for an `@sim` line that makes no sense.
 */
export function chooseAnswer(request: DecodedRequest, scripts: ScriptStore): Directive {
  const answer =
    scripts.next(request) ??
    findDirective(request.text) ??
    echoOf(request.text) ??
    callOf(request) ??
    jsonOf(request) ??
    paragraphsFor(request);
  return inWords(answer, request);
}

function echoOf(text: string): Directive | undefined {
  const from = text.lastIndexOf(ECHO);
  return from < 0 ? undefined : { text: text.slice(from + ECHO.length) };
}

/** A call of the first declared function that the last content names; answers to calls are quoted. */
function callOf({ contents, tools }: DecodedRequest): Directive | undefined {
  const asked = contents.findLastIndex(({ role, parts }) => role === 'user' && isSpoken(parts));
  const parts = contents.at(-1)?.parts ?? [];
  const responses = contents
    .slice(asked + 1)
    .flatMap((content) => content.parts.flatMap(({ functionResponse }) => functionResponse ?? []));
  if (responses.length > 0)
    return {
      text: responses.map(({ name, value }) => `${name}: ${JSON.stringify(value)}`).join('\n'),
    };
  const prompt = parts.map(({ text }) => text ?? '').join('\n');
  const named = tools.functions.find(({ name }) => prompt.includes(name));
  if (!named) return undefined;
  const args = sample({ type: 'OBJECT', ...named.parameters });
  return { toolCalls: [{ name: named.name, args: isObject(args) ? args : {} }] };
}

/** Whether a content holds something other than responses to calls. */
function isSpoken(parts: DecodedRequest['contents'][number]['parts']): boolean {
  return parts.some(({ functionResponse }) => !functionResponse);
}

function isObject(value: ReturnType<typeof sample>): value is { readonly [key: string]: never } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonOf({ responseMimeType, responseSchema }: DecodedRequest): Directive | undefined {
  if (responseSchema) return { text: JSON.stringify(sample(responseSchema), null, 2) };
  if (responseMimeType === 'application/json')
    return { text: '{"answer": "The simulator obeys."}' };
  return undefined;
}

function paragraphsFor({ thinking }: DecodedRequest): Directive {
  const thinks = thinking?.includeThoughts && thinking.budget !== 0;
  return { text: PARAGRAPHS, ...(thinks ? { thoughts: PARAGRAPH_THOUGHTS } : {}) };
}
