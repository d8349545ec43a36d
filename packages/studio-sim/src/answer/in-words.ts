import { type DecodedRequest } from '../wire/request-array.ts';
import { type Directive } from './directive.ts';

/** How a call is to be written, where the system instruction shows it on lines of their own. */
const FORM = /^(<\S+ tool=)"NAME">\n[^]*?\n(<\/\S+>)$/m;

/**
 * Obeys a system instruction that declares functions in words: calls that the request gives no other
 * way to make are written into the text, in the form shown.
 */
export function inWords(
  directive: Directive,
  { systemInstruction, tools }: DecodedRequest,
): Directive {
  const { toolCalls, text = '', ...rest } = directive;
  const [, opening = '', closing = ''] = FORM.exec(systemInstruction ?? '') ?? [];
  if (!toolCalls || tools.functions.length > 0 || closing === '') return directive;
  const calls = toolCalls.map(
    ({ name, args }) =>
      `${opening}${JSON.stringify(name)}>\n${JSON.stringify(args, null, 1)}\n${closing}`,
  );
  return { ...rest, text: [...(text === '' ? [] : [text]), ...calls].join('\n\n') };
}
