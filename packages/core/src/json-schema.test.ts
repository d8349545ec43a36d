import {
  anySchema,
  doubling,
  KEYWORD_SAMPLES,
  mutual,
  SCHEMA_KEYWORDS,
  SILENT_KEYWORDS,
} from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { compileSchema, findSchemaFault, type JsonSchema } from './json-schema.ts';
import { measureSchema, SCHEMA_LIMITS } from './schema-limits.ts';

const strings = (...names: string[]): object =>
  Object.fromEntries(names.map((name) => [name, { type: 'string' }]));

/** Milliseconds of work so far, however busy the machine is. */
const worked = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

describe('compileSchema', () => {
  it('takes what agents send (W-04)', () => {
    const check = compileSchema({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: 'https://example.com/args',
      type: 'object',
      title: 'Args',
      properties: {
        path: { type: 'string', pattern: '^[\\w\\-]+$', format: 'made-up' },
        count: { type: ['integer', 'null'], exclusiveMinimum: 0, default: 1 },
        mode: { anyOf: [{ const: 'fast' }, { $ref: '#/$defs/slow' }] },
      },
      required: ['path'],
      additionalProperties: false,
      $defs: { slow: { type: 'object', properties: { ms: { type: 'number' } } } },
      'x-own': true,
    });
    expect(check({ path: 'a-b', count: null, mode: { ms: 3 } })).toBeUndefined();
    expect(check({ count: 1 })).toMatch(/path/);
    expect(check({ path: 'a', count: 0 })).toMatch(/value\/count: 0 is less than/);
    expect(check({ path: 'a', more: 1 })).toMatch(/value\/more/);
  });

  it('is not held up by a pattern that takes forever', () => {
    const check = compileSchema({ properties: { a: { pattern: '^(a+)+$' } } });
    const start = worked();
    expect(check({ a: `${'a'.repeat(50)}!` })).toBeUndefined();
    expect(worked() - start).toBeLessThan(1000);
    expect(check({ a: 'b' })).toMatch(/value\/a/);
  });

  it('is not held up by references that double at each step, or lead to each other', () => {
    const start = worked();
    expect(compileSchema(doubling(27, 'properties'))({ a: { b: 1 } })).toMatch(/value\/a\/b/);
    expect(compileSchema(doubling(27, 'allOf'))({})).toBeUndefined();
    expect(compileSchema(mutual(6))({ t0: { t1: { t2: { t3: 1 } } } })).toMatch(/value\/t0/);
    expect(compileSchema({ allOf: [{ $ref: '#' }] })({})).toBeUndefined();
    expect(worked() - start).toBeLessThan(1000);
  });

  it('keeps schemas with the same ids apart', () => {
    const named = (type: string): JsonSchema => ({
      $ref: '#/$defs/x',
      $defs: { x: { $id: 'x', type } },
    });
    expect(compileSchema({ ...named('string') })('a')).toBeUndefined();
    expect(compileSchema({ ...named('number') })('a')).toMatch(/string/);
  });

  it.each<[string, JsonSchema]>([
    ['a definition', { $ref: '#/$defs/n', $defs: { n: { type: 'number' } } }],
    [
      'a definition of draft 7',
      { $ref: '#/definitions/n', definitions: { n: { type: 'number' } } },
    ],
    ['a definition by its bare name', { $ref: 'n', $defs: { n: { type: 'number' } } }],
    [
      'an address',
      { $ref: 'https://x.y/n', $defs: { n: { $id: 'https://x.y/n', type: 'number' } } },
    ],
    [
      'an address below the root’s own',
      {
        $id: 'https://x.y/root.json',
        $ref: 'n.json',
        $defs: { n: { $id: 'n.json', type: 'number' } },
      },
    ],
    ['an anchor', { $ref: '#n', $defs: { a: { $anchor: 'n', type: 'number' } } }],
    ['an anchor of draft 4', { $ref: '#n', definitions: { a: { id: '#n', type: 'number' } } }],
    [
      'a dynamic anchor',
      { $dynamicRef: '#n', $defs: { a: { $dynamicAnchor: 'n', type: 'number' } } },
    ],
    [
      'a pointer through an array',
      { $ref: '#/properties/to/anyOf/1', properties: { to: { anyOf: [{}, { type: 'number' }] } } },
    ],
    [
      'a pointer with escapes',
      { $ref: '#/$defs/a~1b%20c', $defs: { 'a/b c': { type: 'number' } } },
    ],
    [
      'a pointer from the document’s root below an address',
      {
        allOf: [{ $id: 'inner', $ref: '#/$defs/n' }],
        $defs: { n: { type: 'number' } },
      },
    ],
    [
      'a reference to a reference',
      { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/n' }, n: { type: 'number' } } },
    ],
    [
      'a place outside of definitions',
      { $ref: '#/components/n', components: { n: { type: 'number' } } },
    ],
  ])('follows %s', (_, schema) => {
    expect(findSchemaFault(schema)).toBeUndefined();
    expect(compileSchema(schema)(1)).toBeUndefined();
    expect(compileSchema(schema)('a')).toMatch(/number/);
  });

  it('follows a schema into itself', () => {
    const check = compileSchema({
      type: 'object',
      properties: { next: { $ref: '#' }, name: { type: 'string' } },
    });
    expect(check({ next: { next: { name: 'x' } } })).toBeUndefined();
    expect(check({ next: { next: { name: 1 } } })).toMatch(/value\/next\/next\/name/);
  });

  it.each<[string, JsonSchema, unknown, unknown]>([
    ['required: null', { type: 'object', required: null }, {}, 1],
    ['description: null', { type: 'string', description: null }, 'a', 1],
    ['a bound of draft 4', { minimum: 3, exclusiveMinimum: true }, 4, 3],
    ['a bound of draft 4 that is allowed', { minimum: 3, exclusiveMinimum: false }, 3, 2],
    ['upper-case types', { type: 'OBJECT', properties: { a: { type: 'STRING' } } }, { a: '' }, []],
    ['types of Python', { type: 'dict', properties: { a: { type: 'int' } } }, { a: 1 }, { a: '' }],
    ['any type', { properties: { a: { type: 'any' } }, required: ['a'] }, { a: [1] }, {}],
    ['a tuple of draft 7', { items: [{ type: 'number' }], additionalItems: false }, [1], [1, 2]],
    ['a tuple', { prefixItems: [{ type: 'number' }], items: { type: 'string' } }, [1, ''], [1, 2]],
    ['dependencies of draft 7', { dependencies: { a: ['b'] } }, { a: 1, b: 1 }, { a: 1 }],
    ['a number as text', { maximum: '3' }, 3, 4],
    ['a group named as in Python', { pattern: '(?P<n>a)(?P=n)' }, 'aa', 'ab'],
    ['ends named as in Python', { pattern: '\\Aab\\Z' }, 'ab', 'abc'],
    ['superfluous escapes', { pattern: '^a\\_\\@$' }, 'a_@', 'a'],
    ['nullable', { type: 'string', nullable: true }, null, 1],
    ['nullable values', { enum: ['a'], nullable: true }, null, 'b'],
    [
      'nullable beside a reference',
      {
        properties: { a: { $ref: '#/$defs/a', nullable: true } },
        $defs: { a: { type: 'string' } },
      },
      { a: null },
      { a: 1 },
    ],
    ['nullable beside anyOf', { anyOf: [{ type: 'string' }], nullable: true }, null, 1],
    [
      'properties named as those of every object',
      { properties: strings('toString') },
      {},
      { toString: 1 },
    ],
    [
      'a property named __proto__',
      JSON.parse('{"properties":{"__proto__":{"type":"string"}}}'),
      {},
      JSON.parse('{"__proto__":1}'),
    ],
  ])('understands %s', (_, schema, right, wrong) => {
    expect(findSchemaFault(schema)).toBeUndefined();
    expect(compileSchema(schema)(right)).toBeUndefined();
    expect(compileSchema(schema)(wrong)).toMatch(/^value/);
  });

  it('is tried with every keyword of draft-07 and 2020-12', () => {
    const tried = new Set([...KEYWORD_SAMPLES.map(({ keyword }) => keyword), ...SILENT_KEYWORDS]);
    expect(SCHEMA_KEYWORDS.filter((keyword) => !tried.has(keyword))).toEqual([]);
  });

  it.each(KEYWORD_SAMPLES)(
    'keeps the meaning of $keyword in $schema',
    ({ schema, valid = [], invalid = [] }) => {
      const check = compileSchema(schema);
      expect(findSchemaFault(schema)).toBeUndefined();
      for (const value of valid) expect([value, check(value)]).toEqual([value, undefined]);
      for (const value of invalid) expect([value, check(value)]).not.toEqual([value, undefined]);
    },
  );

  it('allows an optional property that every object inherits to be absent', () => {
    const properties = strings('constructor', 'toString', 'hasOwnProperty');
    expect(compileSchema({ type: 'object', properties, additionalProperties: false })({})).toBe(
      undefined,
    );
    expect(compileSchema({ required: ['constructor'] })({})).toMatch(/constructor/);
  });

  it.each(['(?i)abc', '(?>a+)b', 'a++b', '\\p{Greek', '('])(
    'does not check the pattern %s, and finds no fault with it',
    (pattern) => {
      expect(findSchemaFault({ pattern })).toBeUndefined();
      expect(compileSchema({ type: 'string', pattern })('x')).toBeUndefined();
      expect(compileSchema({ type: 'string', pattern })(1)).toMatch(/value/);
      const named = { patternProperties: { [pattern]: {} }, additionalProperties: false };
      expect(compileSchema(named)({ a: 1 })).toBeUndefined();
    },
  );

  it('checks nothing, ever, that takes longer than its time, whatever the schema', () => {
    fc.assert(
      fc.property(anySchema, fc.jsonValue(), (schema, value) => {
        const start = worked();
        expect(['string', 'undefined']).toContain(typeof compileSchema(schema)(value));
        expect(worked() - start).toBeLessThan(1000);
      }),
      { numRuns: 150 },
    );
  });
});

describe('findSchemaFault', () => {
  it.each<[JsonSchema, (string | number)[], RegExp]>([
    [{ type: 'banana' }, ['type'], /"banana" is not known/],
    [{ properties: { a: { $ref: '#/$defs/x' } } }, ['properties', 'a', '$ref'], /leads nowhere/],
    [{ $ref: 'https://example.com/other' }, ['$ref'], /leads nowhere/],
    [{ properties: 3 }, ['properties'], /object of schemas/],
    [{ anyOf: [{}, 'x'] }, ['anyOf', 1], /expected a schema/],
    [{ items: { minimum: 'x' } }, ['items', 'minimum'], /number/],
    [{ enum: 'a' }, ['enum'], /array/],
  ])('names the place in %j', (schema, path, reason) => {
    expect(findSchemaFault(schema)).toEqual({ path, reason: expect.stringMatching(reason) });
  });
});

describe('measureSchema', () => {
  it('counts values and characters', () => {
    expect(measureSchema({ a: ['bc', 1, null] })).toEqual({ values: 5, characters: 3 });
  });

  it.each([
    ['values', Array.from({ length: SCHEMA_LIMITS.values }, () => 1)],
    ['characters', { description: 'x'.repeat(SCHEMA_LIMITS.characters) }],
    ['levels', JSON.parse('['.repeat(300) + ']'.repeat(300))],
  ])('refuses more %s than the limit', (what, schema) => {
    expect(() => measureSchema(schema)).toThrow(what);
  });
});
