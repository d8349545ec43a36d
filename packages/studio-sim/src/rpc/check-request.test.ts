import { describe, expect, it } from '@jest/globals';

import { message } from '../wire/message.ts';
import { decodeRequest } from '../wire/request-array.ts';
import { encodeStruct } from '../wire/struct.ts';
import { checkRequest } from './check-request.ts';

const check = (contents: unknown, requireSignatures = false): void => {
  const request = ['models/gemini-2.5-flash', contents, null, [], '!', ...Array(5).fill(null), 1];
  checkRequest(request, decodeRequest(request), requireSignatures);
};
const call = (signature?: string): unknown[] => [
  [message({ 10: ['f', encodeStruct({}), 'call_1'], 14: signature })],
  'model',
];
const response = (name: string, id?: string): unknown[] => [
  [message({ 11: [name, encodeStruct({}), ...(id === undefined ? [] : [id])] })],
  'user',
];

describe('checkRequest', () => {
  it('matches responses to calls by id, or by name where there is none', () => {
    expect(() => check([call(), response('f', 'call_1')])).not.toThrow();
    expect(() => check([call(), response('f')])).not.toThrow();
    expect(() => check([call(), response('f', 'call_2')])).toThrow('No function call matches f');
    expect(() => check([response('f')])).toThrow('No function call matches f');
  });

  it('asks for the signature of calls when told to', () => {
    expect(() => check([call()], true)).toThrow('thought signature');
    expect(() => check([call('U0lH')], true)).not.toThrow();
  });

  it('refuses files nobody uploaded', () => {
    const contents = [[[[null, null, null, null, null, ['nowhere']]], 'user']];
    expect(() => check(contents)).toThrow('File nowhere is not found');
  });
});
