/* oxlint-disable unicorn/no-thenable -- a keyword of JSON Schema */
/** A JSON object of unknown content. */
type JsonObject = Readonly<Record<string, unknown>>;

/** A schema that uses a keyword, and what tells whether the keyword's meaning is kept. */
export interface KeywordSample {
  readonly keyword: string;
  readonly schema: JsonObject;
  readonly valid?: readonly unknown[];
  /** Values that only this keyword refuses. */
  readonly invalid?: readonly unknown[];
}

const string = { type: 'string' };
const number = { type: 'number' };
const named = { type: 'object', properties: { a: string, b: number } };

/** At least one sample of each keyword that says something of a value, most of them of several. */
export const KEYWORD_SAMPLES: readonly KeywordSample[] = [
  { keyword: 'type', schema: { type: 'integer' }, valid: [1], invalid: [1.5, '1', null] },
  { keyword: 'type', schema: { type: ['string', 'null'] }, valid: ['', null], invalid: [1] },
  { keyword: 'type', schema: { type: ['string', 'integer'] }, valid: ['a', 1], invalid: [true] },
  { keyword: 'enum', schema: { enum: ['a', 'b'] }, valid: ['a'], invalid: ['c', 1] },
  { keyword: 'enum', schema: { enum: ['a', 1, null] }, valid: [1, null], invalid: ['1', true] },
  { keyword: 'enum', schema: { ...number, enum: [1, 2.5] }, valid: [2.5], invalid: [3] },
  {
    keyword: 'enum',
    schema: { type: ['string', 'integer'], enum: ['a', 1] },
    valid: ['a', 1],
    invalid: ['b', 2],
  },
  { keyword: 'enum', schema: { enum: [{ a: 1 }, 'x'] }, valid: [{ a: 1 }], invalid: [{ a: 2 }] },
  { keyword: 'const', schema: { const: 'x' }, valid: ['x'], invalid: ['y'] },
  { keyword: 'const', schema: { const: { a: [1] } }, valid: [{ a: [1] }], invalid: [{ a: 1 }] },
  { keyword: 'const', schema: { const: null }, valid: [null], invalid: [0] },
  { keyword: 'minimum', schema: { ...number, minimum: 2 }, valid: [2], invalid: [1] },
  { keyword: 'maximum', schema: { ...number, maximum: 2 }, valid: [2], invalid: [3] },
  {
    keyword: 'exclusiveMinimum',
    schema: { ...number, exclusiveMinimum: 2 },
    valid: [2.1],
    invalid: [2],
  },
  {
    keyword: 'exclusiveMinimum',
    schema: { type: 'integer', minimum: 0, exclusiveMinimum: 2.5 },
    valid: [3],
    invalid: [2],
  },
  {
    keyword: 'exclusiveMaximum',
    schema: { ...number, exclusiveMaximum: 2 },
    valid: [1.9],
    invalid: [2],
  },
  { keyword: 'multipleOf', schema: { ...number, multipleOf: 5 }, valid: [10], invalid: [7] },
  { keyword: 'minLength', schema: { ...string, minLength: 2 }, valid: ['ab'], invalid: ['a'] },
  { keyword: 'maxLength', schema: { ...string, maxLength: 2 }, valid: ['😀😀'], invalid: ['abc'] },
  { keyword: 'pattern', schema: { ...string, pattern: '^a+$' }, valid: ['aa'], invalid: ['b'] },
  { keyword: 'format', schema: { ...string, format: 'date' }, valid: ['2026-11-28'] },
  { keyword: 'contentEncoding', schema: { ...string, contentEncoding: 'base64' }, valid: ['YQ=='] },
  { keyword: 'contentMediaType', schema: { ...string, contentMediaType: 'text/html' } },
  { keyword: 'description', schema: { ...string, description: 'what it is for' } },
  { keyword: 'default', schema: { type: 'boolean', default: false }, valid: [true] },
  { keyword: 'examples', schema: { ...string, examples: ['Oslo'] }, valid: ['Rome'] },
  {
    keyword: 'items',
    schema: { type: 'array', items: number },
    valid: [[], [1]],
    invalid: [['a'], [1, 'a']],
  },
  {
    keyword: 'items',
    schema: { type: 'array', items: [string, number] },
    valid: [['a', 1, true]],
    invalid: [[1], ['a', 'b']],
  },
  {
    keyword: 'additionalItems',
    schema: { type: 'array', items: [string], additionalItems: number },
    valid: [['a', 1]],
    invalid: [['a', 'b']],
  },
  {
    keyword: 'prefixItems',
    schema: { type: 'array', prefixItems: [number, number] },
    valid: [[1, 2]],
    invalid: [['a']],
  },
  {
    keyword: 'unevaluatedItems',
    schema: { type: 'array', prefixItems: [string], unevaluatedItems: number },
    valid: [['a', 1]],
    invalid: [['a', 'b']],
  },
  {
    keyword: 'contains',
    schema: { type: 'array', items: string, contains: { const: 'x' } },
    valid: [['x', 'y']],
    invalid: [['y']],
  },
  {
    keyword: 'minContains',
    schema: { type: 'array', items: string, contains: { const: 'x' }, minContains: 2 },
    valid: [['x', 'x']],
    invalid: [['x']],
  },
  {
    keyword: 'maxContains',
    schema: { type: 'array', items: string, contains: { const: 'x' }, maxContains: 1 },
    valid: [['x']],
    invalid: [['x', 'x']],
  },
  { keyword: 'minItems', schema: { type: 'array', items: string, minItems: 1 }, invalid: [[]] },
  {
    keyword: 'maxItems',
    schema: { type: 'array', items: string, maxItems: 1 },
    invalid: [['a', 'b']],
  },
  {
    keyword: 'uniqueItems',
    schema: { type: 'array', items: string, uniqueItems: true },
    valid: [['a', 'b']],
    invalid: [['a', 'a']],
  },
  { keyword: 'properties', schema: named, valid: [{ a: 'x' }], invalid: [{ a: 1 }] },
  {
    keyword: 'required',
    schema: { ...named, required: ['b'] },
    valid: [{ b: 1 }],
    invalid: [{ a: 'x' }],
  },
  {
    keyword: 'required',
    schema: { allOf: [named], required: ['b'] },
    valid: [{ b: 1 }],
    invalid: [{ a: 'x' }],
  },
  {
    keyword: 'required',
    schema: { ...named, required: ['a'], allOf: [{ properties: { c: number } }] },
    invalid: [{ b: 1 }],
  },
  { keyword: 'minProperties', schema: { ...named, minProperties: 1 }, invalid: [{}] },
  { keyword: 'maxProperties', schema: { ...named, maxProperties: 1 }, invalid: [{ a: '', b: 1 }] },
  {
    keyword: 'additionalProperties',
    schema: { ...named, additionalProperties: number },
    valid: [{ c: 1 }],
    invalid: [{ c: 'x' }],
  },
  {
    keyword: 'additionalProperties',
    schema: { type: 'object', additionalProperties: string },
    valid: [{ any: 'x' }],
    invalid: [{ any: 1 }],
  },
  {
    keyword: 'unevaluatedProperties',
    schema: { ...named, unevaluatedProperties: number },
    valid: [{ c: 1 }],
    invalid: [{ c: 'x' }],
  },
  {
    keyword: 'patternProperties',
    schema: { ...named, patternProperties: { '^x-': number } },
    valid: [{ 'x-a': 1 }],
    invalid: [{ 'x-a': 'b' }],
  },
  {
    keyword: 'propertyNames',
    schema: { ...named, propertyNames: { maxLength: 1 } },
    invalid: [{ long: 1 }],
  },
  {
    keyword: 'dependencies',
    schema: { ...named, dependencies: { a: ['b'] } },
    valid: [{ b: 1 }],
    invalid: [{ a: 'x' }],
  },
  {
    keyword: 'dependencies',
    schema: { ...named, dependencies: { a: { required: ['b'] } } },
    invalid: [{ a: 'x' }],
  },
  {
    keyword: 'dependentRequired',
    schema: { ...named, dependentRequired: { a: ['b'] } },
    invalid: [{ a: 'x' }],
  },
  {
    keyword: 'dependentSchemas',
    schema: { ...named, dependentSchemas: { a: { properties: { c: number } } } },
    valid: [{ c: 'x' }],
    invalid: [{ a: 'x', c: 'y' }],
  },
  {
    keyword: 'if',
    schema: { ...named, if: { required: ['a'] }, then: { required: ['b'] } },
    valid: [{}],
    invalid: [{ a: 'x' }],
  },
  {
    keyword: 'then',
    schema: {
      ...named,
      if: { properties: { a: { const: 'x' } }, required: ['a'] },
      then: { properties: { c: number }, required: ['c'] },
    },
    valid: [{ a: 'y' }],
    invalid: [{ a: 'x' }],
  },
  {
    keyword: 'else',
    schema: { ...named, if: { required: ['a'] }, else: { required: ['b'] } },
    valid: [{ a: 'x' }],
    invalid: [{}],
  },
  {
    keyword: 'allOf',
    schema: { allOf: [named, { properties: { c: number }, required: ['c'] }] },
    valid: [{ c: 1 }],
    invalid: [{ a: 'x' }],
  },
  {
    keyword: 'allOf',
    schema: { ...string, allOf: [{ minLength: 2 }, { pattern: '^a' }] },
    valid: ['ab'],
    invalid: ['a'],
  },
  {
    keyword: 'allOf',
    schema: { allOf: [{ anyOf: [string, number] }, { anyOf: [string, { type: 'boolean' }] }] },
    valid: ['a'],
    invalid: [1],
  },
  { keyword: 'anyOf', schema: { anyOf: [string, number] }, valid: ['a', 1], invalid: [true] },
  {
    keyword: 'anyOf',
    schema: { type: ['string', 'number'], anyOf: [{ minLength: 2 }, { minimum: 4 }] },
    valid: ['ab', 4],
  },
  {
    keyword: 'anyOf',
    schema: { ...named, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    valid: [{ a: 'x' }],
    invalid: [{}],
  },
  { keyword: 'oneOf', schema: { oneOf: [string, number] }, valid: [1], invalid: [null] },
  {
    keyword: 'oneOf',
    schema: { anyOf: [string, number], oneOf: [{ ...string, minLength: 2 }, number] },
    valid: [1, 'ab'],
    invalid: ['a'],
  },
  { keyword: 'not', schema: { ...string, not: { const: 'x' } }, valid: ['y'], invalid: ['x'] },
  { keyword: 'not', schema: { not: { type: 'string' } }, valid: [1], invalid: ['x'] },
  {
    keyword: '$ref',
    schema: { $ref: '#/$defs/A', $defs: { A: number } },
    valid: [1],
    invalid: ['a'],
  },
  {
    keyword: '$ref',
    schema: {
      properties: { a: { anyOf: [number] }, b: { $ref: '#/properties/a/anyOf/0' } },
    },
    valid: [{ b: 1 }],
    invalid: [{ b: 'x' }],
  },
  { keyword: '$defs', schema: { $ref: '#/$defs/a~1b', $defs: { 'a/b': number } }, invalid: ['a'] },
  {
    keyword: 'definitions',
    schema: { $ref: '#/definitions/A', definitions: { A: number } },
    invalid: ['a'],
  },
  {
    keyword: '$id',
    schema: {
      $ref: 'other',
      $defs: { A: { $id: 'https://x.test/other', ...number } },
      $id: 'https://x.test/root',
    },
    invalid: ['a'],
  },
  {
    keyword: '$anchor',
    schema: { $ref: '#here', $defs: { A: { $anchor: 'here', ...number } } },
    invalid: ['a'],
  },
  {
    keyword: '$dynamicRef',
    schema: { $dynamicRef: '#here', $defs: { A: { $dynamicAnchor: 'here', ...number } } },
    invalid: ['a'],
  },
  {
    keyword: '$dynamicAnchor',
    schema: { $ref: '#here', $defs: { A: { $dynamicAnchor: 'here', ...number } } },
    invalid: ['a'],
  },
];
