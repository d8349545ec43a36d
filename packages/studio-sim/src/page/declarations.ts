import { type Json, type JsonObject } from '../wire/struct.ts';
import { type Declaration } from './settings.ts';

/** What a parse gives: the value, or what is wrong. */
export type Parsed<T> = { readonly value: T } | { readonly error: string };

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];
const NAME = /^[A-Za-z_][\w.:-]{0,127}$/;

/** Reads the text of the function declarations editor: a JSON array of declarations, or nothing. */
export function parseDeclarations(text: string): Parsed<readonly Declaration[]> {
  if (text.trim() === '') return { value: [] };
  const json = parseJson(text);
  if ('error' in json) return json;
  if (!isList(json.value)) return { error: 'Function declarations must be a JSON array.' };
  const declarations: Declaration[] = [];
  for (const item of json.value) {
    const declaration = toDeclaration(item);
    if ('error' in declaration) return declaration;
    if (declarations.some(({ name }) => name === declaration.value.name))
      return { error: `Duplicate function name: ${declaration.value.name}` };
    declarations.push(declaration.value);
  }
  return { value: declarations };
}

/** Reads the text of the structured output editor: a JSON schema, or nothing. */
export function parseSchema(text: string): Parsed<JsonObject | undefined> {
  if (text.trim() === '') return { value: undefined };
  const json = parseJson(text);
  if ('error' in json) return json;
  if (!isObject(json.value)) return { error: 'The schema must be a JSON object.' };
  const error = faultOf(json.value, 'schema');
  return error === undefined ? { value: json.value } : { error };
}

function toDeclaration(item: Json): Parsed<Declaration> {
  if (!isObject(item)) return { error: 'Each function declaration must be an object.' };
  const { name, description, parameters } = item;
  if (name === undefined || name === '') return { error: '“name” must be specified' };
  if (typeof name !== 'string' || !NAME.test(name)) return { error: 'Invalid function name.' };
  if (description !== undefined && typeof description !== 'string')
    return { error: `${name}: the description must be a string.` };
  if (parameters !== undefined && !isObject(parameters))
    return { error: `${name}: the parameters must be a schema.` };
  const error = parameters && faultOf(parameters, `${name}.parameters`);
  if (error !== undefined) return { error };
  return {
    value: {
      name,
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
    },
  };
}

/**
 * What the page would refuse in a schema: references, types it does not know (wire-format.md §4.5).
 */
function faultOf(schema: JsonObject, path: string): string | undefined {
  for (const key of ['$ref', '$defs', 'definitions'])
    if (key in schema) return `${path}: ${key} is not supported.`;
  const { type, properties, items, anyOf } = schema;
  if (type !== undefined && !(typeof type === 'string' && TYPES.includes(type.toLowerCase())))
    return `${path}: unknown type ${JSON.stringify(type)}.`;
  if (type === undefined && anyOf === undefined && Object.keys(schema).length > 0)
    return `${path}: a type is required.`;
  const inner: [string, Json][] = [
    ...(isObject(properties ?? null) ? Object.entries(properties ?? {}) : []),
    ...(items === undefined ? [] : [['items', items] as [string, Json]]),
    ...(isList(anyOf ?? null) ? Object.entries(anyOf ?? {}) : []),
  ];
  for (const [name, value] of inner) {
    if (!isObject(value)) return `${path}.${name}: must be a schema.`;
    const fault = faultOf(value, `${path}.${name}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function parseJson(text: string): Parsed<Json> {
  try {
    const value: Json = JSON.parse(text);
    return { value };
  } catch (error) {
    return { error: `Invalid JSON: ${String(error)}` };
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
