import { isPlainObject, type JsonObject, repairSchema } from '@aistudio/core';

import { PageSchemaWriter } from './page-schema-writer.ts';

/**
 * A JSON Schema as the page's editors take it: the subset of wire-format.md §4.5, types in upper
 * case.
 */
export type PageSchema = Record<string, unknown>;

/** What the page's form of a schema says, and what it does not. */
export interface PageForm {
  readonly schema: PageSchema;
  /** What the form cannot say at all, one phrase each: a value that fits it may be wrong or missing. */
  readonly lost: readonly string[];
  /** Where the form allows less than the schema, one phrase each. */
  readonly narrowed: readonly string[];
}

const forms = new WeakMap<JsonObject, PageForm>();
const parameterForms = new WeakMap<JsonObject, PageForm>();

/**
 * Brings a JSON Schema into the form the page accepts: references are written out in place (the
 * page rejects `$ref` and `$defs`), a list of types becomes a nullable type or alternatives, and
 * what the page or the service refuses is left out or put into the description. Bounded in size: a
 * schema that contains itself, or that grows too large, is cut. Remembered as long as the schema is.
 */
export function toPageSchema(schema: JsonObject): PageForm {
  const form = forms.get(schema) ?? write(schema, (writer) => writer.write());
  forms.set(schema, form);
  return form;
}

/** The same for a function's parameters, which are one object; without properties they are absent. */
export function toPageParameters(schema: JsonObject): PageForm {
  const form = parameterForms.get(schema) ?? write(schema, (writer) => writer.writeParameters());
  parameterForms.set(schema, form);
  return form;
}

function write(schema: JsonObject, by: (writer: PageSchemaWriter) => PageSchema): PageForm {
  const repaired = repairSchema(schema);
  const writer = new PageSchemaWriter(repaired.schema);
  const written = by(writer);
  const faults = repaired.faults.map(({ reason }) => reason);
  return { schema: written, lost: [...faults, ...writer.lost], narrowed: [...writer.narrowed] };
}

/** What the page has no word for and no near equivalent of. */
const UNSAID: ReadonlySet<string> = new Set([
  'patternProperties',
  'propertyNames',
  'prefixItems',
  'contains',
  'not',
  'if',
  'dependentSchemas',
  'dependentRequired',
]);

/** Their values are no schemas. */
const DATA: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples']);

/**
 * Whether the page's form of a schema still says all that the answer has to look like: false for
 * keywords that it lacks, objects of any keys, and schemas that contain themselves. Looks at names
 * alone, so that it may say false for one that happens to have such a property.
 */
export function keepsMeaning(schema: JsonObject): boolean {
  const { lost, narrowed } = toPageSchema(schema);
  return lost.length + narrowed.length === 0 && hasOnlyKnown(repairSchema(schema).schema);
}

function hasOnlyKnown(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(hasOnlyKnown);
  if (!isPlainObject(value)) return true;
  if (isPlainObject(value['additionalProperties'])) return false;
  return Object.entries(value).every(
    ([key, inner]) => DATA.has(key) || (!UNSAID.has(key) && hasOnlyKnown(inner)),
  );
}
