import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { CallParser, type Piece } from './call-parser.ts';
import { toBlock } from './tagged-block.ts';

const CODE = 'ab12cd34';

/** All that the parser makes of these pieces, neighbouring texts joined. */
function parse(pieces: readonly string[]): Piece[] {
  const parser = new CallParser(CODE);
  const found: Piece[] = [];
  const take = (piece: Piece): void => {
    const last = found.at(-1);
    if (piece.type === 'text' && last?.type === 'text') {
      found[found.length - 1] = { type: 'text', text: last.text + piece.text };
    } else found.push(piece);
  };
  for (const piece of pieces) for (const each of parser.push(piece)) take(each);
  for (const each of parser.end()) take(each);
  return found;
}

/** The text in pieces, cut at these places. */
function cut(text: string, places: readonly number[]): string[] {
  const sorted = [...places.map((place) => place % (text.length + 1)), 0, text.length];
  sorted.sort((a, b) => a - b);
  return sorted.slice(1).map((place, index) => text.slice(sorted[index], place));
}

const call = (name: string, body: string): string => toBlock('call', CODE, { tool: name }, body);
const places = fc.array(fc.nat());
/** Texts full of what looks like a call. */
const suspicious = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<call-ab12cd34',
        '<call-ab12cd34 tool="',
        '<call-ab12cd3',
        '</call-ab12cd34>',
        '<call-00000000 tool="f">',
        '<result-ab12cd34 tool="f">',
        '<',
        '"',
        '\n',
        ' ',
        '\\',
      ),
      fc.string(),
    ),
  )
  .map((parts) => parts.join(''))
  .filter((text) => !/<call-ab12cd34(?: +[a-z]+="[^"\n<>]*")* *>/.test(text));

describe('CallParser', () => {
  it('finds a call between texts', () => {
    const text = `Let me see.\n\n${call('look', '{"x": 1}')}\nand then`;
    expect(parse([text])).toEqual([
      { type: 'text', text: 'Let me see.\n\n' },
      { type: 'call', name: 'look', body: '{"x": 1}' },
      { type: 'text', text: '\nand then' },
    ]);
  });

  it('drops white space alone around calls, and nothing else', () => {
    const text = `\n ${call('a', '{}')}\n\n${call('b', '{}')}\n`;
    expect(parse([text]).map(({ type }) => type)).toEqual(['call', 'call']);
    expect(parse([' \n '])).toEqual([{ type: 'text', text: ' \n ' }]);
  });

  it('loses nothing of a text without calls, however it is cut', () => {
    fc.assert(
      fc.property(suspicious, places, (text, at) => {
        const expected = text === '' ? [] : [{ type: 'text', text }];
        expect(parse(cut(text, at))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('finds every call, with its name and body, however the text is cut', () => {
    const made = fc.record({ name: fc.string(), args: fc.dictionary(fc.string(), fc.json()) });
    const text = suspicious.map((said) => `${said.replaceAll('<', '(').trim()}.`);
    fc.assert(
      fc.property(fc.array(fc.tuple(text, made)), places, (turns, at) => {
        const whole = turns
          .map(([said, { name, args }]) => said + call(name, JSON.stringify(args)))
          .join('');
        expect(parse(cut(whole, at))).toEqual(
          turns.flatMap(([said, { name, args }]) => [
            { type: 'text', text: said },
            { type: 'call', name, body: JSON.stringify(args) },
          ]),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('gives text away at once, up to what may be a call', () => {
    const parser = new CallParser(CODE);
    expect([...parser.push('a < b <call-ab')]).toEqual([{ type: 'text', text: 'a < b ' }]);
    expect([...parser.push('acus')]).toEqual([{ type: 'text', text: '<call-abacus' }]);
  });

  it('holds a call that is not closed', () => {
    const parser = new CallParser(CODE);
    expect([...parser.push(call('f', '{"a":').slice(0, -5))]).toEqual([]);
    expect(parser.isOpen).toBe(true);
    expect([...parser.end()]).toEqual([]);
  });
});
