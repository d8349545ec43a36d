import * as fc from 'fast-check';

/** A JSON object of unknown content. */
type JsonObject = Readonly<Record<string, unknown>>;

/** A schema of a few kilobytes whose meaning, written out, doubles with each of `steps`. */
export function doubling(steps: number, by: 'properties' | 'allOf'): JsonObject {
  const defs = Array.from({ length: steps }, (_, index) => {
    const next = index + 1 < steps ? { $ref: `#/$defs/a${index + 1}` } : { minLength: 1 };
    const twice = by === 'allOf' ? [next, next] : { a: next, b: next };
    const type = by === 'allOf' ? {} : { type: 'object' };
    return [`a${index}`, { ...type, [by]: twice }] as const;
  });
  return { $ref: '#/$defs/a0', $defs: Object.fromEntries(defs) };
}

/** Object types of which each has a property of each. */
export function mutual(types: number): JsonObject {
  const names = Array.from({ length: types }, (_, index) => `t${index}`);
  const properties = Object.fromEntries(names.map((name) => [name, { $ref: `#/$defs/${name}` }]));
  const defs = names.map((name) => [name, { type: 'object', properties }] as const);
  return { $ref: '#/$defs/t0', $defs: Object.fromEntries(defs) };
}

const name = fc.constantFrom('a', 'b', 'constructor', '__proto__', '$ref', 'type', 'properties');
const reference = fc.constantFrom(
  '#',
  '#/$defs/a',
  '#/$defs/b',
  '#/properties/a',
  '#/anyOf/0',
  '#x',
  'other.json',
  '#/$defs/%zz',
);
const types = fc.constantFrom(
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
  'null',
  'OBJECT',
  'any',
  'banana',
  ['string', 'null'],
  ['object', 'array'],
);
const junk = fc.constantFrom<unknown>(null, true, false, 0, -1, '', 'x', [], {}, [null], { a: 1 });

/** Any schema, with what is wrong, odd and recursive in it, for property tests. */
export const anySchema: fc.Arbitrary<JsonObject> = fc.letrec<{
  schema: JsonObject;
  odd: unknown;
}>((tie) => {
  const inner = fc.oneof({ maxDepth: 4, withCrossShrink: true }, fc.constant({}), tie('odd'));
  const list = fc.oneof(fc.array(inner, { maxLength: 3 }), junk);
  const map = fc.oneof(fc.dictionary(name, inner, { maxKeys: 3 }), junk);
  const names = fc.oneof(fc.array(name, { maxLength: 3 }), junk);
  const number = fc.oneof(fc.integer({ min: -1, max: 3 }), junk);
  const text = fc.oneof(fc.constantFrom('uri', 'date-time', '(?i)a', '^a+$', '('), junk);
  return {
    odd: fc.oneof({ weight: 5, arbitrary: tie('schema') }, { weight: 1, arbitrary: junk }),
    schema: fc
      .record(
        {
          $ref: fc.oneof(reference, junk),
          $dynamicRef: reference,
          $dynamicAnchor: fc.constantFrom('x', 'y'),
          $id: fc.constantFrom('https://x.y/z', 'z', '#x', ':'),
          $anchor: fc.constantFrom('x', 'y'),
          $defs: map,
          definitions: map,
          type: fc.oneof(types, junk),
          title: text,
          description: text,
          format: text,
          pattern: text,
          nullable: fc.boolean(),
          minimum: number,
          exclusiveMinimum: number,
          minItems: number,
          maxLength: number,
          multipleOf: number,
          uniqueItems: fc.oneof(fc.boolean(), junk),
          default: junk,
          examples: junk,
          contentEncoding: text,
          enum: fc.oneof(fc.array(fc.oneof(fc.string({ maxLength: 2 }), junk)), junk),
          const: junk,
          properties: map,
          patternProperties: map,
          additionalProperties: inner,
          required: names,
          unevaluatedProperties: inner,
          propertyNames: inner,
          minProperties: number,
          dependencies: map,
          dependentSchemas: map,
          dependentRequired: fc.oneof(fc.dictionary(name, names, { maxKeys: 2 }), junk),
          additionalItems: inner,
          unevaluatedItems: inner,
          contains: inner,
          minContains: number,
          items: fc.oneof(inner, list),
          prefixItems: list,
          anyOf: list,
          oneOf: list,
          allOf: list,
          not: inner,
          if: inner,
          // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
          then: inner,
          else: inner,
        },
        { requiredKeys: [] },
      )
      .map((schema): JsonObject => schema),
  };
}).schema;
