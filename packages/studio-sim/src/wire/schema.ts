import { at, listAt, message, numberAt, stringAt } from './message.ts';
import { type Json, type JsonObject } from './struct.ts';

const TYPES = ['STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT', 'NULL'] as const;

/** A schema in the JSON form that the page's editors take: Gemini's names for types. */
export type Schema = JsonObject;

/** Where each keyword sits in a schema message (wire-format.md §4.5). */
const NUMBERS = {
  minProperties: 8,
  maxProperties: 9,
  minimum: 10,
  maximum: 11,
  minLength: 12,
  maxLength: 13,
  maxItems: 20,
  minItems: 21,
} as const;
const STRINGS = { format: 1, description: 2, pattern: 14 } as const;
const STRING_LISTS = { enum: 4, required: 7, propertyOrdering: 22 } as const;
const SCHEMA_LISTS = { oneOf: 16, anyOf: 17, allOf: 18 } as const;

/**
 * Writes a schema as the request's array (wire-format.md §4.5). Keywords it has no place for are
 * dropped.
 */
export function encodeSchema(schema: Schema): unknown[] {
  const fields: Record<number, unknown> = {};
  const type = typeOf(schema['type']);
  if (type > 0) fields[0] = type;
  if (schema['nullable'] === true) fields[3] = 1;
  for (const [key, position] of [
    ...entries(STRINGS),
    ...entries(NUMBERS),
    ...entries(STRING_LISTS),
  ])
    fields[position] = schema[key];
  for (const [key, position] of entries(SCHEMA_LISTS)) {
    const list = schema[key];
    if (Array.isArray(list))
      fields[position] = list.map((item: Json) => encodeSchema(asObject(item)));
  }
  if (isObject(schema['items'])) fields[5] = encodeSchema(schema['items']);
  if (isObject(schema['not'])) fields[19] = encodeSchema(schema['not']);
  if (isObject(schema['properties']))
    fields[6] = Object.entries(schema['properties']).map(([name, property]) => [
      name,
      encodeSchema(asObject(property)),
    ]);
  return message(fields);
}

/** Reads a schema array back into its JSON form. */
export function decodeSchema(array: unknown): Schema {
  const schema: Record<string, Json> = {};
  const type = TYPES[(numberAt(array, 0) ?? 0) - 1];
  if (type) schema['type'] = type;
  if (at(array, 3)) schema['nullable'] = true;
  for (const [key, position] of entries(STRINGS)) {
    const text = stringAt(array, position);
    if (text !== undefined) schema[key] = text;
  }
  for (const [key, position] of entries(NUMBERS)) {
    const number = numberAt(array, position);
    if (number !== undefined) schema[key] = number;
  }
  for (const [key, position] of entries(STRING_LISTS)) {
    const list = listAt(array, position);
    if (list.length > 0) schema[key] = list.map(String);
  }
  for (const [key, position] of entries(SCHEMA_LISTS)) {
    const list = listAt(array, position);
    if (list.length > 0) schema[key] = list.map(decodeSchema);
  }
  if (at(array, 5) !== undefined) schema['items'] = decodeSchema(at(array, 5));
  if (at(array, 19) !== undefined) schema['not'] = decodeSchema(at(array, 19));
  const properties = listAt(array, 6);
  if (properties.length > 0)
    schema['properties'] = Object.fromEntries(
      properties.map((property) => [String(at(property, 0)), decodeSchema(at(property, 1))]),
    );
  return schema;
}

function typeOf(name: Json | undefined): number {
  const index =
    typeof name === 'string' ? TYPES.findIndex((type) => type === name.toUpperCase()) : -1;
  return index + 1;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: Json): JsonObject {
  return isObject(value) ? value : {};
}

function entries(positions: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(positions);
}
