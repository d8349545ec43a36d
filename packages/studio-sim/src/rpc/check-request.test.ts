import { describe, expect, it } from '@jest/globals';

import { message } from '../wire/message.ts';
import { decodeRequest } from '../wire/request-array.ts';
import { encodeStruct } from '../wire/struct.ts';
import { checkRequest } from './check-request.ts';

const check = (contents: unknown, requireSignatures = false): void =>
  checkWhole({ 1: contents }, requireSignatures);
const hello = [[[[null, 'hello']], 'user']];
const checkWhole = (fields: Record<number, unknown>, requireSignatures = false): void => {
  const usual = { 0: 'models/gemini-2.5-flash', 1: hello, 3: [], 4: '!' };
  const request = message({ ...usual, ...fields });
  checkRequest(request, decodeRequest(request), requireSignatures);
};
const thinking = (...block: unknown[]): Record<number, unknown> => ({ 3: message({ 16: block }) });
const search = [null, null, null, [null, [[]]]];
const code = [[]];
const functions = [null, [['f']]];
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

  it('bundle C4: wants each response in a user content of its own', () => {
    const both = [[...(response('f', 'call_1')[0] as unknown[]), [null, 'and more']], 'user'];
    expect(() => check([call(), both])).toThrow('content of its own');
    expect(() => check([call(), response('f', 'call_1'), ...hello])).not.toThrow();
  });

  it('bundle C6: takes what is not set as not set', () => {
    expect(() => checkWhole({})).not.toThrow();
    expect(() => checkWhole({ 10: 1 })).not.toThrow();
    expect(() => checkWhole({ 10: 7 })).toThrow('Element 10');
    expect(() => checkWhole({ 11: 'v1_before', 14: 'AIza' })).not.toThrow();
    expect(() => checkWhole({ 11: [1] })).toThrow('Element 11');
    expect(() => checkWhole({ 17: 1 })).toThrow('18 elements');
  });

  it('bundle C6: wants a time zone with search, and a flag with functions beside other tools', () => {
    const zone = [null, null, 'Europe/Berlin'];
    expect(() => checkWhole({ 6: [search], 13: [zone] })).not.toThrow();
    expect(() => checkWhole({ 6: [search] })).toThrow('time zone');
    expect(() => checkWhole({ 6: [code], 13: [zone] })).toThrow('time zone');
    expect(() => checkWhole({ 6: [code] })).not.toThrow();
    expect(() => checkWhole({ 6: [functions, search], 13: [zone, null, true] })).not.toThrow();
    expect(() => checkWhole({ 6: [functions, search], 13: [zone] })).toThrow('beside other tools');
    expect(() => checkWhole({ 6: [code, functions], 13: [null, null, true] })).not.toThrow();
  });

  it('bundle C9: wants code before functions before search, each by itself', () => {
    expect(() => checkWhole({ 6: [functions, code], 13: [null, null, true] })).toThrow('order');
    expect(() => checkWhole({ 6: [[[], [['f']]]], 13: [null, null, true] })).toThrow(
      'more than one',
    );
  });

  it('bundle C8: takes −1 for an automatic budget, and 0 without thoughts', () => {
    expect(() => checkWhole(thinking(1, -1))).not.toThrow();
    expect(() => checkWhole(thinking(1))).not.toThrow();
    expect(() => checkWhole(thinking(0, 0))).not.toThrow();
    expect(() => checkWhole(thinking(1, 0))).toThrow('includes no thoughts');
    expect(() => checkWhole(thinking(1, 99_999))).toThrow('out of range');
    expect(() => checkWhole(thinking(1, null, null, 2))).toThrow('level is not supported');
    expect(() => checkWhole({ 0: 'models/gemini-2.0-flash', ...thinking(1) })).toThrow('Thinking');
  });

  it('bundle C1: refuses models that are asked in another way', () => {
    expect(() => checkWhole({ 0: 'models/gemini-omni-flash-preview' })).toThrow(
      'not asked by GenerateContent',
    );
  });
});
