import { type Calling, type FunctionDeclaration, type Settings } from '@aistudio/core';

import { closingOf, openingOf, toBlock } from './tagged-block.ts';

/**
 * Tells the model in words which functions there are and how it calls them: as a block with `code`,
 * the form in which earlier calls stand in the conversation. `hasOthers`: the page declares more of
 * them, which are called by its own means.
 */
export function declareFunctions(
  functions: readonly FunctionDeclaration[],
  code: string,
  hasOthers: boolean,
): string {
  const declarations = functions.map(({ name, description, parameters }) =>
    JSON.stringify({ name, description, parameters }),
  );
  const form = toBlock('call', code, { tool: 'NAME' }, '{"argument": "value"}');
  const result = `${openingOf('result', code)} …> and ${closingOf('result', code)}`;
  const intro = hasOthers
    ? 'Besides the functions that are declared to you as tools, which you call as usual, you can have these called.'
    : 'You can have functions called.';
  return [
    `# Functions\n\n${intro} Each line below declares one: its name, what it is for, and the JSON Schema of its arguments.`,
    declarations.join('\n'),
    `To call one${hasOthers ? ' of these' : ''}, write its name and its arguments, as one JSON object that fits its schema ({} if it takes none), in exactly this form, outside of any code block:`,
    form,
    `Then end your message: what a call gave comes back between ${result} in a later message. Never write a result yourself, and use these tags for nothing but calls.`,
  ].join('\n\n');
}

/** What the page's own declarations cannot say of the calls that are wanted; empty = nothing. */
export function demands(
  functions: readonly FunctionDeclaration[],
  calling: Calling | undefined,
): string[] {
  const [first] = functions;
  if (!calling || !first) return [];
  const { isRequired, isParallel } = calling;
  const which = functions.length === 1 ? `the function ${first.name}` : 'one of your functions';
  return [
    ...(isRequired ? [`Your next message must call ${which}, whatever it is about.`] : []),
    ...(isParallel ? [] : ['Call at most one function in a message.']),
  ];
}

/** Tells the model in words that its answer is to be JSON. `hasFunctions`: it may call instead. */
export function describeFormat(
  { schema }: NonNullable<Settings['structuredOutput']>,
  hasFunctions: boolean,
): string {
  const scope = hasFunctions ? 'A message in which you call nothing is' : 'Your answer is';
  const only = `${scope} one JSON ${schema ? 'value' : 'object'} and nothing else: no words around it, no code block.`;
  const fit = schema ? [`It must fit this JSON Schema:`, JSON.stringify(schema)] : [];
  return [`# Form of the answer\n\n${only}`, ...fit].join('\n\n');
}
