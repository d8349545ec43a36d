import { measureSchema } from '@aistudio/core';
import { z } from 'zod';

import { toChatTool, toText } from './request-forms.ts';
import { ToolSchema } from './request-schema.ts';

/** Values in the schemas of all functions of one request together. */
const MAX_VALUES = 100_000;

/** A function that the model may call. One odd schema does not take the request down. */
const FunctionTool = z.object({
  name: z.string().min(1),
  description: z.preprocess(toText, z.string().nullish()),
  parameters: ToolSchema.nullish(),
  strict: z.boolean().nullish(),
});

const Tool = z.preprocess(
  toChatTool,
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('function'), function: FunctionTool }),
    z.object({ type: z.literal('google_search') }),
    z.object({ type: z.literal('url_context') }),
    z.object({ type: z.literal('code_execution') }),
  ]),
);

/** The request's `tools`. */
export const Tools = z.array(Tool).check(({ value, issues }) => {
  const schemas = value.map((tool) =>
    tool.type === 'function' ? tool.function.parameters : undefined,
  );
  const index = firstTooMany(schemas);
  if (index === -1) return;
  issues.push({ ...TOO_MANY, input: value, path: [index, 'function', 'parameters'] });
});

/** The request's older `functions`. */
export const FunctionTools = z.array(FunctionTool).check(({ value, issues }) => {
  const index = firstTooMany(value.map(({ parameters }) => parameters));
  if (index === -1) return;
  issues.push({ ...TOO_MANY, input: value, path: [index, 'parameters'] });
});

const TOO_MANY = {
  code: 'custom' as const,
  message: `the schemas of all functions together have more than ${MAX_VALUES} values`,
};

/** Index of the schema with which all of them become too large; -1 for none. */
function firstTooMany(schemas: readonly (object | null | undefined)[]): number {
  let values = 0;
  return schemas.findIndex((schema) => {
    if (schema) values += measureSchema(schema).values;
    return values > MAX_VALUES;
  });
}

/** A `tool_choice` of one function. */
export const NamedChoice = z.object({
  type: z.literal('function'),
  function: z.object({ name: z.string() }),
});

/** A tool as `allowed_tools` names it, in the form of the one API or the other. */
const AllowedTool = z.object({
  type: z.string(),
  name: z.string().nullish(),
  function: z.object({ name: z.string() }).nullish(),
});
const Allowed = z.object({
  mode: z.enum(['auto', 'required']).nullish(),
  tools: z.array(AllowedTool),
});

/** A `tool_choice` of some of the tools, in the form of Chat Completions or of Responses. */
export const AllowedTools = z.union([
  z.object({ type: z.literal('allowed_tools'), allowed_tools: Allowed }),
  Allowed.extend({ type: z.literal('allowed_tools') }),
]);
export type AllowedTools = z.infer<typeof AllowedTools>;
