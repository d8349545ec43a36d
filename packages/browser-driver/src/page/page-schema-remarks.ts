import { isPlainObject, type JsonObject } from '@aistudio/core';

/** What the page's form has no place for, and a model can read: a part of the value's description. */
const REMARKS: ReadonlySet<string> = new Set([
  'default',
  'examples',
  'contentEncoding',
  'contentMediaType',
  'multipleOf',
  'uniqueItems',
  'prefixItems',
  'contains',
  'minContains',
  'maxContains',
  'unevaluatedItems',
  'unevaluatedProperties',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
]);

/** What these switch off the form does not allow anyway, or nobody asked for. */
const SWITCHES: ReadonlySet<string> = new Set([
  'uniqueItems',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

/** Bounds that the form says for whole numbers alone. */
const BOUNDS: ReadonlySet<string> = new Set(['exclusiveMinimum', 'exclusiveMaximum']);

/** The same schema without what {@link remarksOn} says of it. */
export const withoutRemarks = (source: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(source).filter(([keyword]) => !REMARKS.has(keyword)));

/**
 * What the page's form of a schema leaves out, as keywords of JSON Schema; undefined: nothing. `type`:
 * the form's own, where it has one.
 */
export function remarksOn(source: JsonObject, type: string | undefined): JsonObject | undefined {
  const left = Object.entries(source).filter(
    ([keyword, value]) =>
      (REMARKS.has(keyword) && !(value === false && SWITCHES.has(keyword))) ||
      (BOUNDS.has(keyword) && type !== 'integer'),
  );
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

/** Whether a part of a schema refers to another part, which cannot be read without it. */
export function hasReference(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasReference);
  if (!isPlainObject(value)) return false;
  return typeof value['$ref'] === 'string' || Object.values(value).some(hasReference);
}
