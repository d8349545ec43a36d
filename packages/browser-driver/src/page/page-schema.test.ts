import { type JsonObject } from '@aistudio/core';
import { anySchema, doubling, KEYWORD_SAMPLES, mutual } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { toPageDeclaration } from './page-declaration.ts';
import { keepsMeaning, type PageSchema, toPageParameters, toPageSchema } from './page-schema.ts';

const formOf = (schema: object): PageSchema => toPageSchema({ ...schema }).schema;
const ANY = {
  anyOf: [
    { type: 'STRING' },
    { type: 'NUMBER' },
    { type: 'BOOLEAN' },
    { type: 'ARRAY', items: { type: 'STRING' } },
  ],
  nullable: true,
};

/** Milliseconds of work so far, however busy the machine is. */
const worked = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

describe('toPageSchema', () => {
  it('W-04: says types and what the page has no keyword for in the page’s way', () => {
    expect(
      formOf({
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        additionalProperties: false,
        properties: {
          city: { type: 'string', default: 'Oslo', description: 'where' },
          days: { type: 'integer', minimum: 1, exclusiveMaximum: 8 },
          tags: { type: 'array', items: { type: 'string' } },
        },
        required: ['city'],
      }),
    ).toEqual({
      type: 'OBJECT',
      properties: {
        city: { type: 'STRING', description: 'where Also: {"default":"Oslo"}.' },
        days: { type: 'INTEGER', minimum: 1, maximum: 7 },
        tags: { type: 'ARRAY', items: { type: 'STRING' } },
      },
      required: ['city'],
    });
  });

  it('writes references out in place', () => {
    expect(
      formOf({
        type: 'object',
        properties: { a: { $ref: '#/$defs/A', description: 'own' } },
        $defs: { A: { type: 'string', description: 'shared' } },
      }),
    ).toEqual({ type: 'OBJECT', properties: { a: { type: 'STRING', description: 'own' } } });
  });

  it('ends a schema that contains itself', () => {
    const tree = {
      type: 'object',
      properties: { next: { $ref: '#' }, name: { type: 'string' } },
      required: ['next'],
    };
    const leaf = { type: 'OBJECT', properties: { name: { type: 'STRING' } } };
    const branch = { ...leaf, properties: { ...leaf.properties, next: leaf }, required: ['next'] };
    expect(formOf(tree)).toEqual({
      ...leaf,
      properties: { ...leaf.properties, next: branch },
      required: ['next'],
    });
    expect(toPageSchema(tree).lost).toEqual(['next.next.next contains itself']);
  });

  it.each([
    [{ type: ['string', 'null'] }, { type: 'STRING', nullable: true }],
    [{ anyOf: [{ type: 'number' }, { type: 'null' }] }, { type: 'NUMBER', nullable: true }],
    [
      { oneOf: [{ type: 'number' }, { type: 'string' }] },
      { anyOf: [{ type: 'NUMBER' }, { type: 'STRING' }] },
    ],
    [{ type: ['string', 'number'] }, { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }] }],
    [{ const: 'x' }, { type: 'STRING', enum: ['x'] }],
    [{ enum: ['a', null] }, { type: 'STRING', enum: ['a'], nullable: true }],
    [
      { enum: [1, 2, null], description: 'how many' },
      { type: 'NUMBER', description: 'how many One of: 1, 2.', nullable: true },
    ],
    [
      { type: 'integer', const: 3 },
      { type: 'INTEGER', description: 'One of: 3.' },
    ],
    [{ type: 'array' }, { type: 'ARRAY', items: ANY }],
    [{ properties: { a: {} } }, { type: 'OBJECT', properties: { a: ANY } }],
    [
      { properties: { a: { description: 'what', type: 'any' } } },
      { type: 'OBJECT', properties: { a: { description: 'what', ...ANY } } },
    ],
    [
      { type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }] },
      {
        type: 'ARRAY',
        items: { type: 'NUMBER' },
        description: 'Also: {"prefixItems":[{"type":"number"},{"type":"number"}]}.',
      },
    ],
    [
      { type: 'array', items: [{ type: 'string' }, { type: 'number' }], additionalItems: false },
      {
        type: 'ARRAY',
        items: { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }] },
        description: 'Also: {"prefixItems":[{"type":"string"},{"type":"number"}]}.',
      },
    ],
    [
      { type: ['string', 'integer'], enum: ['a', 1] },
      { anyOf: [{ type: 'STRING' }, { type: 'INTEGER' }], description: 'One of: "a", 1.' },
    ],
    [
      { type: ['string', 'number'], anyOf: [{ type: 'string', minLength: 3 }, { type: 'number' }] },
      { anyOf: [{ type: 'STRING', minLength: 3 }, { type: 'NUMBER' }] },
    ],
    [
      { type: 'number', exclusiveMinimum: 0 },
      { type: 'NUMBER', minimum: 0, description: 'Also: {"exclusiveMinimum":0}.' },
    ],
    [
      {
        type: 'object',
        properties: { kind: { enum: ['a', 'b'] } },
        required: ['kind', 'size'],
        allOf: [{ properties: { size: { type: 'number' } } }, { required: ['color'] }],
        if: { properties: { kind: { const: 'a' } } },
        // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
        then: { properties: { color: { type: 'string' } } },
      },
      {
        type: 'OBJECT',
        properties: {
          kind: { type: 'STRING', enum: ['a', 'b'] },
          size: { type: 'NUMBER' },
          color: { type: 'STRING' },
        },
        required: ['kind', 'size', 'color'],
        description:
          'Also: {"if":{"properties":{"kind":{"const":"a"}}},"then":{"properties":{"color":{"type":"string"}}}}.',
      },
    ],
    [
      { type: 'string', format: 'uri', description: 'where' },
      { type: 'STRING', description: 'where Format: uri.' },
    ],
    [
      { type: 'string', format: 'date-time' },
      { type: 'STRING', format: 'date-time' },
    ],
    [{ enum: ['', 'a'] }, { type: 'STRING', description: 'One of: "", "a".' }],
    [
      { enum: ['a', 1] },
      { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }], description: 'One of: "a", 1.' },
    ],
    [
      {
        type: 'OBJECT',
        properties: { a: { type: 'STRING', nullable: true } },
        required: ['a', 'b'],
      },
      { type: 'OBJECT', properties: { a: { type: 'STRING', nullable: true } }, required: ['a'] },
    ],
    [
      { $ref: '#/$defs/a', nullable: true, $defs: { a: { type: 'string' } } },
      { type: 'STRING', nullable: true },
    ],
    [
      { anyOf: [{ type: 'string', description: 'shared' }, { type: 'null' }], description: 'own' },
      { type: 'STRING', description: 'own', nullable: true },
    ],
    [
      { anyOf: [{ type: 'string' }, { type: 'number' }], nullable: true },
      { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }], nullable: true },
    ],
    [
      { type: ['string', 'number'], minLength: 1, minimum: 2, description: 'x' },
      {
        anyOf: [
          { type: 'STRING', minLength: 1 },
          { type: 'NUMBER', minimum: 2 },
        ],
        description: 'x',
      },
    ],
    [
      { type: 'string', description: 'x', anyOf: [{ enum: ['a'] }, { maxLength: 1 }] },
      {
        description: 'x',
        anyOf: [
          { type: 'STRING', enum: ['a'] },
          { type: 'STRING', maxLength: 1 },
        ],
      },
    ],
    [
      {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'string' } },
        anyOf: [{ required: ['a'] }, { required: ['b'] }],
      },
      { type: 'OBJECT', properties: { a: { type: 'STRING' }, b: { type: 'STRING' } } },
    ],
    [
      {
        properties: {
          to: { anyOf: [{ type: 'string' }, { type: 'number' }] },
          from: { $ref: '#/properties/to/anyOf/1' },
        },
      },
      {
        type: 'OBJECT',
        properties: {
          to: { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }] },
          from: { type: 'NUMBER' },
        },
      },
    ],
    [
      {
        $id: 'https://x.y/z',
        $ref: 'https://x.y/z#n',
        definitions: { a: { $anchor: 'n', type: 'number' } },
      },
      { type: 'NUMBER' },
    ],
    [
      { properties: { constructor: { type: 'string' } } },
      { type: 'OBJECT', properties: { constructor: { type: 'STRING' } } },
    ],
    [
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
          { properties: { b: { type: 'boolean' } }, required: ['b'] },
        ],
      },
      {
        type: 'OBJECT',
        properties: { a: { type: 'STRING' }, b: { type: 'BOOLEAN' } },
        required: ['a', 'b'],
      },
    ],
  ])('turns %j into what the page accepts', (schema, expected) => {
    expect(formOf(schema)).toEqual(expected);
  });

  it.each<[string, JsonObject]>([
    ['that double at each step', doubling(27, 'properties')],
    ['that double at each step, all at once', doubling(27, 'allOf')],
    ['that lead to each other', mutual(6)],
    ['that lead to each other in large numbers', mutual(60)],
  ])('cuts references %s', (_, schema) => {
    const start = worked();
    const { lost, schema: form } = toPageSchema(schema);
    expect(JSON.stringify(form).length).toBeLessThan(1_000_000);
    expect(lost).not.toEqual([]);
    expect(worked() - start).toBeLessThan(1000);
  });

  it('writes a thousand alternatives and a thousand properties in time', () => {
    const one = { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] };
    const names = Array.from({ length: 1000 }, (_, index) => `p${index}`);
    const start = worked();
    const wide = toPageSchema({ properties: Object.fromEntries(names.map((name) => [name, one])) });
    expect(wide.lost).toEqual([]);
    const kinds = names.map((name) => ({
      properties: { kind: { const: name } },
      required: ['kind'],
    }));
    expect(toPageParameters({ oneOf: kinds }).schema).toEqual({
      type: 'OBJECT',
      properties: { kind: { type: 'STRING', enum: names } },
      required: ['kind'],
    });
    expect(worked() - start).toBeLessThan(1000);
  });

  it.each(KEYWORD_SAMPLES)('says what $keyword means in $schema, or that it cannot', (sample) => {
    const declare = (schema: unknown): ReturnType<typeof toPageDeclaration> =>
      toPageDeclaration({ name: 'f', parameters: { properties: { a: rerooted(schema) } } });
    const declared = declare(sample.schema);
    if (declared.lost.length > 0) return; // said in words, whole
    expect(declared).not.toEqual(declare(without(sample.keyword, sample.schema)));
  });

  it('says something of every schema, in the page’s words and in time', () => {
    fc.assert(
      fc.property(anySchema, (schema) => {
        const start = worked();
        for (const { schema: form } of [toPageSchema(schema), toPageParameters(schema)]) {
          expect(faultsIn(form)).toEqual([]);
        }
        expect(toPageSchema(schema).schema).not.toEqual({});
        expect(worked() - start).toBeLessThan(1000);
      }),
      { numRuns: 150 },
    );
  });
});

/** A schema without a keyword, wherever that stands in it. */
const without = (keyword: string, schema: object): unknown =>
  JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => (key === keyword ? undefined : value)),
  );

/** A whole schema as it stands below `properties.a`: its pointers begin at the root. */
function rerooted(schema: unknown): unknown {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? value.replace(/^#\//, '#/properties/a/') : value,
  );
  return JSON.parse(text);
}

/** What the service refuses in a form, beside objects without properties, which are `lost`. */
function faultsIn(form: unknown): string[] {
  if (typeof form !== 'object' || form === null || Object.keys(form).length === 0) return [];
  const { type, anyOf, properties, items, required, format } = form as Record<string, unknown>;
  const inner = [
    ...(Array.isArray(anyOf) ? anyOf : []),
    ...Object.values(properties ?? {}),
    ...(items === undefined ? [] : [items]),
  ];
  const names = Object.keys(properties ?? {});
  return [
    ...(type === undefined && !Array.isArray(anyOf) ? ['neither a type nor alternatives'] : []),
    ...('$ref' in form ? ['a reference'] : []),
    ...(type === 'ARRAY' && items === undefined ? ['a list of nothing'] : []),
    ...(format === 'uri' ? ['an unknown format'] : []),
    ...(Array.isArray(required) && required.some((name) => !names.includes(String(name)))
      ? ['a required name of no property']
      : []),
    ...inner.flatMap(faultsIn),
  ];
}

describe('toPageDeclaration', () => {
  const lossOf = (parameters: object, name = 'f'): readonly string[] =>
    toPageDeclaration({ name, parameters: { ...parameters } }).lost;

  it.each([
    {},
    { type: 'object' },
    { type: 'object', properties: {}, additionalProperties: false },
  ])('leaves parameters out that have no properties: %j', (parameters) => {
    expect(toPageDeclaration({ name: 'f', description: 'd', parameters })).toEqual({
      declaration: { name: 'f', description: 'd' },
      lost: [],
      narrowed: [],
    });
  });

  it('joins the alternatives of all parameters', () => {
    const a = { type: 'object', properties: { a: { type: 'string' }, x: { type: 'number' } } };
    const b = { type: 'object', properties: { b: { type: 'string' }, x: { type: 'number' } } };
    const parameters = {
      anyOf: [
        { ...a, required: ['a', 'x'] },
        { ...b, required: ['b', 'x'] },
      ],
    };
    const { declaration, lost, narrowed } = toPageDeclaration({ name: 'f', parameters });
    expect(declaration.parameters).toEqual({
      type: 'OBJECT',
      properties: { a: { type: 'STRING' }, x: { type: 'NUMBER' }, b: { type: 'STRING' } },
      required: ['x'],
    });
    expect(lost).toEqual([]);
    expect(narrowed).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    ['an object of any keys', { properties: { a: { type: 'object' } } }, 'f'],
    ['keys that nobody knows', { additionalProperties: { type: 'string' } }, 'f'],
    [
      'keys that nobody knows, behind a reference',
      { $ref: '#/$defs/m', $defs: { m: { type: 'object', additionalProperties: true } } },
      'f',
    ],
    [
      'objects of any keys among other types',
      { properties: { a: { type: ['string', 'object'] } } },
      'f',
    ],
    [
      'objects of any keys by alternatives',
      { properties: { a: { type: 'object', anyOf: [{ type: 'object' }] } } },
      'f',
    ],
    ['what contains itself', { properties: { a: { type: 'number' }, next: { $ref: '#' } } }, 'f'],
    ['a reference that leads nowhere', { properties: { a: { $ref: '#/$defs/gone' } } }, 'f'],
    ['a type that nobody knows', { properties: { a: { type: 'banana' } } }, 'f'],
    ['parameters that are no object', { type: 'string' }, 'f'],
    ['a long name', {}, 'f'.repeat(65)],
    ['a name with other signs', {}, 'f g'],
  ])('says that the page cannot declare %s', (_, parameters, name) => {
    expect(lossOf(parameters, name)).toHaveLength(1);
  });

  it('can declare what has any value', () => {
    const parameters = { properties: { a: {}, b: { anyOf: [{}, { type: 'null' }] } } };
    const { lost, narrowed } = toPageDeclaration({ name: 'f', parameters });
    expect(lost).toEqual([]);
    expect(narrowed).toHaveLength(2);
  });
});

describe('keepsMeaning', () => {
  it('is true for what the page can say', () => {
    const list = { type: 'array', items: { $ref: '#/$defs/a' } };
    expect(keepsMeaning({ ...list, $defs: { a: { enum: ['x'] } } })).toBe(true);
    const closed = { type: 'object', properties: { list }, additionalProperties: false };
    expect(keepsMeaning({ ...closed, $defs: { a: { type: 'string' } } })).toBe(true);
  });

  it.each([
    { type: 'object' },
    { type: 'object', additionalProperties: { type: 'number' } },
    { type: 'object', properties: { next: { $ref: '#' } } },
    { type: 'array', prefixItems: [{ type: 'string' }] },
    { type: 'array', items: [{ type: 'string' }] },
    { type: 'string', not: { const: 'x' } },
  ])('is false for %j', (schema) => {
    expect(keepsMeaning(schema)).toBe(false);
  });
});
