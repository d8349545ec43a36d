import { describe, expect, it } from '@jest/globals';

import { decodeSchema, encodeSchema } from './schema.ts';

describe('a schema', () => {
  it('is written in the positions of wire-format.md §4.6', () => {
    const schema = {
      type: 'OBJECT',
      properties: {
        city: { type: 'string', description: 'City name' },
        days: { type: 'INTEGER', description: '1 to 7' },
        units: { type: 'STRING', enum: ['C', 'F'] },
        tags: { type: 'ARRAY', items: { type: 'STRING' } },
      },
      required: ['city'],
    };
    expect(JSON.stringify(encodeSchema(schema))).toBe(
      '[6,null,null,null,null,null,[["city",[1,null,"City name"]],["days",[3,null,"1 to 7"]],["units",[1,null,null,null,["C","F"]]],["tags",[5,null,null,null,null,[1]]]],["city"]]',
    );
  });

  it('comes back as it went in', () => {
    const schema = {
      type: 'OBJECT',
      description: 'd',
      nullable: true,
      properties: {
        n: { type: 'NUMBER', minimum: 0, maximum: 10 },
        s: { type: 'STRING', format: 'date-time', pattern: '^x', minLength: 1, maxLength: 3 },
        l: { type: 'ARRAY', items: { type: 'BOOLEAN' }, minItems: 1, maxItems: 2 },
        u: { anyOf: [{ type: 'STRING' }, { type: 'NULL' }] },
      },
      required: ['n', 's'],
      propertyOrdering: ['s', 'n'],
    };
    expect(decodeSchema(encodeSchema(schema))).toEqual(schema);
  });
});
