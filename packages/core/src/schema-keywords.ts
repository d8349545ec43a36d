import { isPlainObject, type JsonObject } from './json-object.ts';
import { below, type Repairer, type SchemaPlace } from './schema-place.ts';
import { REFERENCE_KEYWORDS } from './schema-references.ts';
import { readType } from './schema-type.ts';

type Output = Record<string, unknown>;

const NUMBERS = [
  'minimum',
  'maximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
];
const TEXTS = ['title', 'description', 'format', 'pattern', 'contentEncoding', 'contentMediaType'];
const SCHEMAS = [
  'unevaluatedItems',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
];
const LISTS = ['allOf', 'anyOf', 'oneOf'];
const MAPS = ['properties', 'patternProperties', 'dependentSchemas'];

/** The keywords of one schema, each in the form of draft 2020-12. */
export function readKeywords(
  source: JsonObject,
  path: SchemaPlace | undefined,
  repairer: Repairer,
): Output {
  const output: Output = {};
  readReference(source, output, path, repairer);
  readTypeOf(source, output, path, repairer);
  for (const keyword of TEXTS) {
    const text = source[keyword];
    if (typeof text === 'string') output[keyword] = text;
    else if (keyword === 'pattern' && isGiven(text)) {
      repairer.fault(below(path, keyword), 'expected a text');
    }
  }
  for (const keyword of NUMBERS) {
    const value = toNumber(source[keyword]);
    if (value !== undefined && isAllowed(keyword, value)) output[keyword] = value;
    else if (isGiven(source[keyword])) repairer.fault(below(path, keyword), 'expected a number');
  }
  readBound(source, output, 'exclusiveMinimum', 'minimum');
  readBound(source, output, 'exclusiveMaximum', 'maximum');
  readValues(source, output, path, repairer);
  readItems(source, output, path, repairer);
  for (const keyword of SCHEMAS) {
    if (isGiven(source[keyword])) {
      output[keyword] = repairer.schema(source[keyword], below(path, keyword));
    }
  }
  for (const keyword of LISTS) {
    const list = source[keyword];
    if (!Array.isArray(list)) {
      if (isGiven(list)) repairer.fault(below(path, keyword), 'expected an array of schemas');
    } else if (list.length > 0) output[keyword] = toSchemas(list, below(path, keyword), repairer);
  }
  for (const keyword of MAPS) {
    const map = source[keyword];
    if (isPlainObject(map)) output[keyword] = toMap(map, below(path, keyword), repairer);
    else if (isGiven(map) && !isEmptyArray(map)) {
      repairer.fault(below(path, keyword), 'expected an object of schemas');
    }
  }
  readRequired(source, output, path, repairer);
  if (source['nullable'] === true) makeNullable(output);
  return output;
}

/** Null in place of a value is how some generators leave a keyword out. */
const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** PHP writes an empty object as an empty array. */
const isEmptyArray = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const isAllowed = (keyword: string, value: number): boolean =>
  keyword === 'multipleOf' ? value > 0 : true;

function readReference(
  source: JsonObject,
  output: Output,
  path: SchemaPlace | undefined,
  repairer: Repairer,
): void {
  for (const keyword of REFERENCE_KEYWORDS) {
    const reference = source[keyword];
    if (!isGiven(reference)) continue;
    const found =
      typeof reference === 'string' ? repairer.reference(reference, source, path) : undefined;
    if (found !== undefined) output['$ref'] = found;
    else {
      const shown = JSON.stringify(reference).slice(0, 200);
      repairer.fault(below(path, keyword), `the reference ${shown} leads nowhere in this schema`);
    }
  }
}

function readTypeOf(
  source: JsonObject,
  output: Output,
  path: SchemaPlace | undefined,
  repairer: Repairer,
): void {
  const { type } = source;
  if (!isGiven(type)) return;
  if (Array.isArray(type) && type.some((item) => typeof item !== 'string')) {
    // Draft 3 allowed schemas in a list of types.
    output['anyOf'] = toSchemas(
      type.map((item: unknown) => (typeof item === 'string' ? { type: item } : item)),
      below(path, 'type'),
      repairer,
    );
    return;
  }
  const read = readType(type);
  if (read === 'unknown') {
    repairer.fault(
      below(path, 'type'),
      `the type ${JSON.stringify(type).slice(0, 200)} is not known`,
    );
  } else if (read !== 'any') output['type'] = read.length === 1 ? read[0] : read;
}

/** In draft 4 they said of the bound whether it is itself excluded. */
function readBound(
  source: JsonObject,
  output: Output,
  exclusive: 'exclusiveMinimum' | 'exclusiveMaximum',
  bound: 'minimum' | 'maximum',
): void {
  const value = source[exclusive];
  if (value === true && output[bound] !== undefined) {
    output[exclusive] = output[bound];
    delete output[bound];
  } else if (typeof value !== 'boolean') {
    const number = toNumber(value);
    if (number !== undefined) output[exclusive] = number;
  }
}

function readValues(
  source: JsonObject,
  output: Output,
  path: SchemaPlace | undefined,
  repairer: Repairer,
): void {
  if (source['const'] !== undefined) output['const'] = source['const'];
  if (isGiven(source['default'])) output['default'] = source['default'];
  const { examples } = source;
  if (Array.isArray(examples) && examples.length > 0) output['examples'] = examples;
  if (typeof source['uniqueItems'] === 'boolean') output['uniqueItems'] = source['uniqueItems'];
  const values = source['enum'];
  if (Array.isArray(values)) {
    if (values.length > 0) output['enum'] = values;
  } else if (isGiven(values)) repairer.fault(below(path, 'enum'), 'expected an array of values');
}

/** Tuples were written as an array of `items` until draft 2019-09. */
function readItems(
  source: JsonObject,
  output: Output,
  path: SchemaPlace | undefined,
  repairer: Repairer,
): void {
  const { items, additionalItems, prefixItems } = source;
  const keyword = Array.isArray(prefixItems) ? 'prefixItems' : 'items';
  const members = Array.isArray(prefixItems) ? prefixItems : items;
  if (Array.isArray(members)) {
    if (members.length > 0)
      output['prefixItems'] = toSchemas(members, below(path, keyword), repairer);
    const rest = keyword === 'items' || Array.isArray(items) ? additionalItems : items;
    if (isGiven(rest)) output['items'] = repairer.schema(rest, below(path, 'items'));
  } else if (isGiven(items)) output['items'] = repairer.schema(items, below(path, 'items'));
}

const toSchemas = (
  list: readonly unknown[],
  path: SchemaPlace | undefined,
  repairer: Repairer,
): unknown[] => list.map((item, index) => repairer.schema(item, below(path, index)));

const toMap = (map: JsonObject, path: SchemaPlace | undefined, repairer: Repairer): Output =>
  Object.fromEntries(
    Object.entries(map).map(([key, item]) => [key, repairer.schema(item, below(path, key))]),
  );

function readRequired(
  source: JsonObject,
  output: Output,
  path: SchemaPlace | undefined,
  repairer: Repairer,
): void {
  const { required, dependencies } = source;
  const names = isGiven(required) ? toNames(required) : [];
  if (names.length > 0) output['required'] = names;
  if (!isGiven(dependencies) && !isGiven(source['dependentRequired'])) return;
  const needs = new Map<string, unknown>();
  const schemas = new Map<string, unknown>();
  for (const [keyword, map] of Object.entries({
    dependentRequired: source['dependentRequired'],
    dependencies,
  })) {
    for (const [name, value] of isPlainObject(map) ? Object.entries(map) : []) {
      if (Array.isArray(value) || typeof value === 'string') needs.set(name, toNames(value));
      else schemas.set(name, repairer.schema(value, below(below(path, keyword), name)));
    }
  }
  if (needs.size > 0) output['dependentRequired'] = Object.fromEntries(needs);
  if (schemas.size > 0) {
    const known = isPlainObject(output['dependentSchemas']) ? output['dependentSchemas'] : {};
    output['dependentSchemas'] = { ...known, ...Object.fromEntries(schemas) };
  }
}

/** Draft 3 marked single properties as required: that says nothing of the properties inside. */
function toNames(value: unknown): string[] {
  const names: unknown[] = Array.isArray(value) ? value : [value];
  return [...new Set(names.filter((name) => typeof name === 'string'))];
}

const MORE_THAN_TYPE = ['$ref', 'enum', 'const', 'not', 'if', 'allOf', 'anyOf', 'oneOf'];

/** OpenAPI's `nullable`: as a type where that says it all, else as it stands. */
function makeNullable(output: Output): void {
  if (MORE_THAN_TYPE.some((keyword) => output[keyword] !== undefined)) output['nullable'] = true;
  else if (typeof output['type'] === 'string') output['type'] = [output['type'], 'null'];
  else if (Array.isArray(output['type']) && !output['type'].includes('null')) {
    output['type'] = [...output['type'], 'null'];
  }
}
