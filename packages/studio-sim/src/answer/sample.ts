import { type Schema } from '../wire/schema.ts';
import { type Json } from '../wire/struct.ts';

/** A value that obeys a schema, always the same one: the simulator's answer to a response schema. */
export function sample(schema: Schema, name = 'value'): Json {
  const { enum: options, anyOf, oneOf, allOf } = schema;
  if (isList(options) && options[0] !== undefined) return options[0];
  for (const choice of [anyOf, oneOf, allOf])
    if (isList(choice) && choice[0] !== undefined) return sample(asSchema(choice[0]), name);
  const type = schema['type'];
  if (type === 'OBJECT') return sampleObject(schema);
  if (type === 'ARRAY') return sampleArray(schema, name);
  if (type === 'INTEGER' || type === 'NUMBER') return sampleNumber(schema);
  if (type === 'BOOLEAN') return true;
  return type === 'NULL' ? null : sampleText(schema, name);
}

function sampleArray({ items, minItems }: Schema, name: string): Json {
  const length = typeof minItems === 'number' ? Math.max(1, minItems) : 1;
  return Array.from({ length }, () => sample(asSchema(items ?? {}), name));
}

function sampleObject(schema: Schema): Json {
  const properties = Object.entries(asSchema(schema['properties'] ?? {}));
  return Object.fromEntries(
    properties.map(([name, property]) => [name, sample(asSchema(property), name)]),
  );
}

function sampleNumber({ minimum, maximum }: Schema): number {
  const lowest = typeof minimum === 'number' ? minimum : Number.NEGATIVE_INFINITY;
  const highest = typeof maximum === 'number' ? maximum : Number.POSITIVE_INFINITY;
  return Math.min(Math.max(1, Math.ceil(lowest)), highest);
}

function sampleText({ minLength, maxLength, format }: Schema, name: string): string {
  if (format === 'date-time') return '2026-01-02T03:04:05Z';
  const shortest = typeof minLength === 'number' ? minLength : 0;
  const longest = typeof maxLength === 'number' ? maxLength : Number.POSITIVE_INFINITY;
  return `sample ${name}`.padEnd(shortest, '.').slice(0, longest);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function asSchema(value: Json): Schema {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}
