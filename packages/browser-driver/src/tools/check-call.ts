import { compileSchema, type FunctionDeclaration, StudioError } from '@aistudio/core';

/**
 * Throws `invalid_tool_call` for a call that the client cannot carry out: of a function that is not
 * declared, or with arguments (JSON text) that are no object. They must fit the function's whole
 * schema where its declaration is `strict`, or `isWritten`: the model made the call as text, with no
 * editor of AI Studio's to guide it. Otherwise the client judges them, as it does OpenAI's, and can
 * tell the model what is wrong.
 */
export function checkCall(
  name: string,
  json: string,
  functions: readonly FunctionDeclaration[],
  isWritten: boolean,
): void {
  const declared = functions.find((candidate) => candidate.name === name);
  if (!declared) throw invalid('a function that is not declared');
  const values = parseObject(json);
  if (!values) throw invalid(`'${name}' with arguments that are no JSON object`);
  if (!declared.parameters || !(isWritten || declared.strict)) return;
  const fault = compileSchema(declared.parameters)(values);
  if (fault) throw invalid(`'${name}' with arguments that do not fit its parameters (${fault})`);
}

function parseObject(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const invalid = (what: string): StudioError =>
  new StudioError('invalid_tool_call', `The model called ${what}. Ask again.`, {
    logged: 'The model made a call that does not fit its declaration.',
  });
