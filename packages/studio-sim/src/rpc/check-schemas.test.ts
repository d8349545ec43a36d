import { describe, expect, it } from '@jest/globals';

import { message } from '../wire/message.ts';
import { decodeRequest } from '../wire/request-array.ts';
import { encodeSchema, type Schema } from '../wire/schema.ts';
import { checkSchemas } from './check-schemas.ts';

const check = (name: string, parameters?: Schema): void => {
  const declaration = [name, null, ...(parameters ? [encodeSchema(parameters)] : [])];
  checkSchemas(decodeRequest(message({ 6: [[null, [declaration]]] })), 0);
};
const withProperty = (property: Schema, more: Schema = {}): Schema => ({
  type: 'OBJECT',
  properties: { p: property },
  ...more,
});

describe('what the service refuses of declarations', () => {
  it('takes plain ones', () => {
    expect(() => check('get_weather')).not.toThrow();
    const string = { type: 'STRING', enum: ['a', 'b'] };
    expect(() => check('a.b:c-d', withProperty(string, { required: ['p'] }))).not.toThrow();
    const stamp = { type: 'STRING', format: 'date-time', nullable: true };
    expect(() => check('f', withProperty({ anyOf: [stamp, { type: 'INTEGER' }] }))).not.toThrow();
  });

  it.each<[string, Schema | undefined, string]>([
    ['n'.repeat(65), undefined, 'declarations[0].name: [FIELD_INVALID]'],
    ['with blank', undefined, 'Invalid function name'],
    ['f', { anyOf: [{ type: 'STRING' }] }, 'should be of type OBJECT'],
    ['f', { type: 'OBJECT' }, 'parameters.properties: should be non-empty'],
    ['f', withProperty({ type: 'OBJECT' }), 'properties[p].properties: should be non-empty'],
    ['f', withProperty({ type: 'STRING', enum: ['', 'a'] }), 'enum[0]: cannot be empty'],
    ['f', withProperty({ type: 'INTEGER', enum: ['1'] }), 'enum: only allowed for STRING'],
    ['f', withProperty({ type: 'STRING', format: 'uri' }), "only 'enum' and 'date-time'"],
    ['f', withProperty({ type: 'ARRAY' }), 'properties[p].items: missing field'],
    ['f', withProperty({ type: 'STRING' }, { required: ['q'] }), 'required[0]: property is not'],
  ])('refuses %s with %j', (name, parameters, reason) => {
    expect(() => check(name, parameters)).toThrow(reason);
  });

  it('refuses what has too many states, also of an answer', () => {
    const words = Array.from({ length: 3000 }, (_, index) => `choice number ${index}`);
    const schema = withProperty({ type: 'STRING', enum: words });
    expect(() => check('f', schema)).toThrow('too many states');
    const answer = message({ 3: message({ 7: 'application/json', 8: encodeSchema(schema) }) });
    expect(() => checkSchemas(decodeRequest(answer), -1)).toThrow('too many states');
    const grid = withProperty({ type: 'ARRAY', items: { type: 'STRING' }, maxItems: 50_000 });
    expect(() => check('f', grid)).toThrow('too many states');
  });
});
