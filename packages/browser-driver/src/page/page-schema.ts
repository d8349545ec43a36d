/**
 * A JSON Schema as the page's editors take it: the subset of wire-format.md §4.5, types in upper
 * case.
 */
export type PageSchema = Record<string, unknown>;

type Schema = Readonly<Record<string, unknown>>;

/** Keywords whose values are taken over as they are. */
const PLAIN = [
  'title',
  'description',
  'format',
  'nullable',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'required',
] as const;

/** How many references may lead into each other, and how often one may lead to itself. */
const MAX_DEPTH = 32;
const MAX_REPEATS = 2;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Brings a JSON Schema into the form the page accepts: references are written out in place (the
 * page rejects `$ref` and `$defs`), a list of types becomes a nullable type or alternatives, and
 * keywords that the page does not know are left out. A schema that contains itself is cut where it
 * would begin to repeat without end.
 */
export function toPageSchema(schema: Schema): PageSchema {
  return convert(schema, schema, []);
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
  '$dynamicRef',
]);

/**
 * Whether the page's form of a schema still says what the answer has to look like: false for
 * keywords that it lacks, objects of any keys, and schemas that contain themselves. Looks at names
 * alone, so that it may say false for one that happens to have such a property.
 */
export function keepsMeaning(schema: Schema): boolean {
  return !JSON.stringify(toPageSchema(schema)).includes(EMPTY_OBJECT) && hasOnlyKnown(schema);
}

const EMPTY_OBJECT = JSON.stringify({ type: 'OBJECT' });

function hasOnlyKnown(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(hasOnlyKnown);
  if (!isSchema(value)) return true;
  if (isSchema(value['additionalProperties']) || Array.isArray(value['items'])) return false;
  return Object.entries(value).every(([key, inner]) => !UNSAID.has(key) && hasOnlyKnown(inner));
}

/** `above`: the references that led here. */
function convert(schema: Schema, root: Schema, above: readonly string[]): PageSchema {
  const { source, references } = resolve(schema, root);
  const path = [...above, ...references];
  const isEndless = references.some(
    (name) => path.filter((other) => other === name).length > MAX_REPEATS,
  );
  if (isEndless || path.length > MAX_DEPTH) return { type: 'OBJECT' };
  const inner = (value: unknown): PageSchema =>
    isSchema(value) ? convert(value, root, path) : { type: 'STRING' };
  const result: PageSchema = {};

  for (const keyword of PLAIN) if (source[keyword] !== undefined) result[keyword] = source[keyword];
  Object.assign(result, typeOf(source));

  const values = source['const'] === undefined ? source['enum'] : [source['const']];
  if (Array.isArray(values)) Object.assign(result, oneOf(values, result));
  if (isSchema(source['properties'])) {
    const entries = Object.entries(source['properties']);
    result['properties'] = Object.fromEntries(entries.map(([key, value]) => [key, inner(value)]));
  }
  if (result['type'] === 'ARRAY') result['items'] = inner(source['items']);
  const alternatives = source['anyOf'] ?? source['oneOf'];
  if (Array.isArray(alternatives)) Object.assign(result, combine(alternatives.map(inner)));
  if (Array.isArray(source['allOf'])) {
    for (const part of source['allOf'].map(inner)) merge(result, part);
  }
  return result;
}

/** The page's enums are strings: other values are named, for the model to read, and typed. */
function oneOf(values: readonly unknown[], beside: PageSchema): PageSchema {
  const real = values.filter((value) => value !== null);
  if (real.length === 0) return { type: 'NULL' };
  const nullable = real.length < values.length ? { nullable: true } : {};
  if (real.every((value) => typeof value === 'string')) {
    return { type: 'STRING', enum: real, ...nullable };
  }
  const named = `One of: ${real.map((value) => JSON.stringify(value)).join(', ')}.`;
  const description = [beside['description'], named].filter(Boolean).join(' ');
  const [first] = real;
  const type =
    beside['type'] ?? (typeof first === 'object' ? 'OBJECT' : typeof first).toUpperCase();
  return { type, description, ...nullable };
}

/** Follows `$ref` inside the document; what it names is overlaid by what stands beside it. */
function resolve(schema: Schema, root: Schema): { source: Schema; references: string[] } {
  const references: string[] = [];
  let source = schema;
  while (typeof source['$ref'] === 'string' && references.length <= MAX_DEPTH) {
    const { $ref, ...beside } = source;
    references.push($ref);
    let target: unknown = root;
    for (const key of $ref.replace(/^#\/?/, '').split('/').filter(Boolean)) {
      const name = decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~');
      target = isSchema(target) ? target[name] : undefined;
    }
    source = isSchema(target) ? { ...target, ...beside } : beside;
  }
  return { source, references };
}

function typeOf(schema: Schema): PageSchema {
  const type = schema['type'];
  if (typeof type === 'string') return { type: type.toUpperCase() };
  if (Array.isArray(type)) {
    const names = type.map((name) => String(name).toUpperCase());
    const [only, ...others] = names.filter((name) => name !== 'NULL');
    const nullable = names.includes('NULL') ? { nullable: true } : {};
    if (only !== undefined && others.length === 0) return { type: only, ...nullable };
    return { anyOf: [only, ...others].map((name) => ({ type: name })), ...nullable };
  }
  if (schema['properties']) return { type: 'OBJECT' };
  if (schema['items']) return { type: 'ARRAY' };
  return {};
}

/** Alternatives; one of them being null makes the others nullable. */
function combine(alternatives: PageSchema[]): PageSchema {
  const real = alternatives.filter(({ type }) => type !== 'NULL');
  const nullable = real.length < alternatives.length ? { nullable: true } : {};
  const [only, ...others] = real;
  return only && others.length === 0 ? { ...only, ...nullable } : { anyOf: real, ...nullable };
}

/** All parts at once: for objects, the union of their properties. */
function merge(into: PageSchema, part: PageSchema): void {
  const { properties, required, ...rest } = part;
  for (const [key, value] of Object.entries(rest)) into[key] ??= value;
  if (isSchema(properties)) {
    const already = isSchema(into['properties']) ? into['properties'] : {};
    into['properties'] = { ...already, ...properties };
  }
  if (Array.isArray(required)) {
    const already = Array.isArray(into['required']) ? into['required'] : [];
    into['required'] = [...new Set([...already, ...required])];
  }
}
