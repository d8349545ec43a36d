import { describe, expect, it } from '@jest/globals';

import { keepsMeaning, toPageSchema } from './page-schema.ts';

describe('toPageSchema', () => {
  it('W-04: drops what the page does not know and says types its way', () => {
    expect(
      toPageSchema({
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
        city: { type: 'STRING', description: 'where' },
        days: { type: 'INTEGER', minimum: 1 },
        tags: { type: 'ARRAY', items: { type: 'STRING' } },
      },
      required: ['city'],
    });
  });

  it('writes references out in place', () => {
    expect(
      toPageSchema({
        type: 'object',
        properties: { a: { $ref: '#/$defs/A', description: 'own' } },
        $defs: { A: { type: 'string', description: 'shared' } },
      }),
    ).toEqual({ type: 'OBJECT', properties: { a: { type: 'STRING', description: 'own' } } });
  });

  it('ends a schema that contains itself', () => {
    const tree = { type: 'object', properties: { next: { $ref: '#' } } };
    expect(JSON.stringify(toPageSchema(tree))).toContain('"next":{"type":"OBJECT"}');
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
    [{ type: 'array' }, { type: 'ARRAY', items: { type: 'STRING' } }],
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
    expect(toPageSchema(schema)).toEqual(expected);
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
