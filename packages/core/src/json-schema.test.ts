import { describe, expect, it } from '@jest/globals';

import { compileSchema } from './json-schema.ts';

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
    expect(check({ path: 'a', count: 0 })).toMatch(/value\/count must be > 0/);
    expect(check({ path: 'a', more: 1 })).toMatch(/additional properties/);
  });

  it('takes the tuples and definitions of draft 7', () => {
    const check = compileSchema({
      type: 'array',
      items: [{ type: 'string' }, { $ref: '#/definitions/n' }],
      definitions: { n: { type: 'number' } },
    });
    expect(check(['a', 1])).toBeUndefined();
    expect(check(['a', 'b'])).toMatch(/value\/1/);
  });

  it('is not held up by a pattern that takes forever', () => {
    const check = compileSchema({
      properties: { a: { pattern: '^(a+)+$' } },
    });
    const start = performance.now();
    expect(check({ a: `${'a'.repeat(50)}!` })).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(2000);
    expect(check({ a: 'b' })).toMatch(/value\/a must match pattern/);
  });

  it('keeps schemas with the same ids apart', () => {
    const named = (type: string): object => ({
      $ref: '#/$defs/x',
      $defs: { x: { $id: 'x', type } },
    });
    expect(compileSchema({ ...named('string') })('a')).toBeUndefined();
    expect(compileSchema({ ...named('number') })('a')).toMatch(/number/);
  });

  it.each([
    [{ type: 'banana' }, /type/],
    [{ $ref: '#/$defs/nowhere' }, /resolve/],
    [{ properties: 3 }, /object/],
    [{ pattern: '(' }, /regular expression/],
  ])('says what is wrong with %j', (schema, reason) => {
    expect(() => compileSchema(schema)).toThrow(reason);
  });
});
