type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text, or what a client wrote in its place, as text. */
export function toText(value: unknown): unknown {
  if (value === null || value === undefined || typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** A tool in the form of Chat Completions, where it is in that of Responses or Anthropic, or untyped. */
export function toChatTool(tool: unknown): unknown {
  if (!isFields(tool)) return tool;
  const { type, name, description, parameters, input_schema: schema, strict } = tool;
  if (isFields(tool['function'])) return { ...tool, type: type ?? 'function' };
  // Anthropic may call its functions custom; OpenAI's custom tools have no schema.
  const isFunction =
    type === undefined || type === 'function' || (type === 'custom' && schema !== undefined);
  if (!isFunction || typeof name !== 'string') return tool;
  const declared = { name, description, parameters: parameters ?? schema, strict };
  return { type: 'function', function: declared };
}

/** A `tool_choice` in the form of Chat Completions, where it is in that of Responses or Anthropic. */
export function toChatChoice(choice: unknown): unknown {
  if (choice === 'any') return 'required';
  if (!isFields(choice)) return choice;
  const { type, name } = choice;
  if (type === 'any') return 'required';
  if (type === 'auto' || type === 'none' || type === 'required') return type;
  const isNamed = (type === 'function' || type === 'tool') && typeof name === 'string';
  return isNamed ? { type: 'function', function: { name } } : choice;
}

/** Keywords by which a schema is told from what holds one. */
const OF_SCHEMAS = ['type', 'properties', '$ref', 'anyOf', 'oneOf', 'allOf'];

/** A `response_format` in the form of Chat Completions, wherever a client has put its schema. */
export function toChatFormat(format: unknown): unknown {
  if (!isFields(format)) return format;
  if (format['type'] === 'json_object') {
    const { response_schema: schema, ...rest } = format;
    return schema === undefined ? rest : { schema, ...rest };
  }
  if (format['type'] !== 'json_schema') return format;
  const { json_schema: given, schema, strict } = format;
  if (given === undefined && schema !== undefined) {
    return { type: 'json_schema', json_schema: { schema, strict } };
  }
  const isSchema =
    isFields(given) &&
    given['schema'] === undefined &&
    OF_SCHEMAS.some((keyword) => given[keyword] !== undefined);
  return isSchema ? { type: 'json_schema', json_schema: { schema: given } } : format;
}
