import { type ErrorRecord } from '@aistudio/core';

import { type NativePart } from '../page/not-native-error.ts';

/** What the service says of a request whose declarations or answer's schema it does not take. */
const ABOUT_FUNCTIONS = /function_?\s?declaration|\btools?\[\d|function (name|calling)|tool use/i;
const ABOUT_FORMAT = /response_?(json_?)?schema/i;
const ABOUT_SCHEMAS =
  /too many states|schema (produces|specified|at|is|has)|(property|properties|items|enum)(\[[^\]]*\])?: (should|cannot|must|missing)/i;

/**
 * The parts of a prompt that an error of the service may be about: those whose schemas it checks
 * itself, with a status of 400. Empty for other errors.
 */
export function partsRefused({ code, message }: ErrorRecord): readonly NativePart[] {
  if (code !== 'invalid_value') return [];
  if (ABOUT_FORMAT.test(message)) return ['format'];
  if (ABOUT_FUNCTIONS.test(message)) return ['functions'];
  return ABOUT_SCHEMAS.test(message) ? ['functions', 'format'] : [];
}

/** The error with `param`, which names the function by its place among those that were declared. */
export function withParam(error: ErrorRecord, functionNames: readonly string[]): ErrorRecord {
  const [part] = partsRefused(error);
  if (part === undefined || error.param) return error;
  if (part === 'format') return { ...error, param: 'response_format' };
  const { message } = error;
  const index = /function_?declarations?\[(\d+)\]/i.exec(message)?.[1];
  const quoted = [...message.matchAll(/[`'"“]([^`'"”]+)[`'"”]/g)].map(([, text]) => text);
  const name =
    index === undefined
      ? functionNames.find((each) => quoted.includes(each))
      : functionNames[Number(index)];
  return { ...error, param: name === undefined ? 'tools' : `tools.${name}` };
}
