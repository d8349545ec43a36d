import { describe, expect, it } from '@jest/globals';

import { parseDeclarations, parseSchema } from './declarations.ts';

describe('the function declarations editor', () => {
  it('takes an array of declarations', () => {
    const declarations = [
      { name: 'a', description: 'd', parameters: { type: 'object', properties: {} } },
      { name: 'b' },
    ];
    expect(parseDeclarations(JSON.stringify(declarations))).toEqual({ value: declarations });
    expect(parseDeclarations(' ')).toEqual({ value: [] });
  });

  it.each([
    ['[{', 'Invalid JSON'],
    ['{}', 'must be a JSON array'],
    ['[1]', 'must be an object'],
    ['[{"name":"no blanks allowed"}]', 'Invalid function name'],
    ['[{"name":"a"},{"name":"a"}]', 'Duplicate'],
    ['[{"name":"a","parameters":{"type":"thing"}}]', 'unknown type'],
    ['[{"name":"a","parameters":{"$ref":"#/x"}}]', '$ref is not supported'],
    [
      '[{"name":"a","parameters":{"type":"object","properties":{"x":{"type":"array","items":{"$defs":{}}}}}}]',
      'a.parameters.x.items: $defs is not supported',
    ],
  ])('refuses %s', (text, error) => {
    expect(parseDeclarations(text)).toEqual({ error: expect.stringContaining(error) });
  });
});

describe('the structured output editor', () => {
  it('takes a schema or nothing', () => {
    expect(parseSchema('{"type":"object"}')).toEqual({ value: { type: 'object' } });
    expect(parseSchema('')).toEqual({ value: undefined });
  });

  it('refuses what is no schema', () => {
    expect(parseSchema('[]')).toHaveProperty('error');
    expect(parseSchema('{"anyOf":[{"type":"x"}]}')).toHaveProperty('error');
  });
});
