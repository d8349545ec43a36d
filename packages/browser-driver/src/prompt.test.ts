import { type Part, PLAIN_SETTINGS, type Plan, type Turn } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { toPrompt } from './prompt.ts';

const say = (role: Turn['role'], text: string): Turn => ({ role, parts: [{ type: 'text', text }] });
const plan = (...turns: Turn[]): Plan => ({ model: 'm', turns, settings: PLAIN_SETTINGS });

/** Reads a transcript back, by nothing but its own rules. */
function readBack(text: string): { kind: string; said: string; body: string }[] {
  const code = /carry the code ([0-9a-f]{8});/.exec(text)![1]!;
  const found: { kind: string; said: string; body: string }[] = [];
  const block = new RegExp(
    `<(message|call|result)-${code}([^<>]*)>\\n([^]*?)\\n</\\1-${code}>`,
    'g',
  );
  for (const [, kind, said, body] of text.matchAll(block)) {
    found.push({ kind: kind!, said: said!.trim(), body: body! });
  }
  return found;
}

/** A small seeded generator: failures can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe('toPrompt', () => {
  it('types a lone user message verbatim', () => {
    const text = '  <b>hi</b>\n\n```\ncode\n```  ';
    expect(toPrompt(plan(say('system', 'Be brief.'), say('user', text)))).toMatchObject({
      system: 'Be brief.',
      text,
      files: [],
    });
  });

  it('R-02: joins system messages wherever they stand', () => {
    const turns = [say('system', 'one'), say('user', 'hi'), say('system', 'two')];
    expect(toPrompt(plan(...turns)).system).toBe('one\n\ntwo');
  });

  it('gives line ends and half characters the form a text field gives them', () => {
    expect(toPrompt(plan(say('user', 'a\r\nb\rc\ud800'))).text).toBe('a\nb\nc\ufffd');
  });

  it('W-01: puts the last user message last and verbatim', () => {
    const { text } = toPrompt(
      plan(say('user', 'a'), say('assistant', 'b'), say('user', 'echo: c\n')),
    );
    expect(text.endsWith('\n\necho: c\n')).toBe(true);
    expect(readBack(text)).toEqual([
      { kind: 'message', said: 'from="user"', body: 'a' },
      { kind: 'message', said: 'from="assistant"', body: 'b' },
    ]);
  });

  it('keeps calls, results and files in their places', () => {
    const file: Part = { type: 'file', mimeType: 'image/png', data: '', name: 'a.png' };
    const { text, files } = toPrompt(
      plan(
        { role: 'user', parts: [{ type: 'text', text: 'see' }, file] },
        {
          role: 'assistant',
          parts: [{ type: 'tool_call', callId: 'c1', name: 'look', arguments: '{"x":1}' }],
        },
        { role: 'tool', parts: [{ type: 'tool_result', callId: 'c1', text: 'seen' }] },
      ),
    );
    expect(files).toEqual([file]);
    expect(readBack(text)).toEqual([
      { kind: 'message', said: 'from="user"', body: 'see\n\n[attached file 1: "a.png"]' },
      { kind: 'call', said: 'tool="look" id="c1"', body: '{"x":1}' },
      { kind: 'result', said: 'id="c1"', body: 'seen' },
    ]);
    expect(text).toMatch(/assistant's next message/);
  });

  it('lets nothing in a message pass for another message', () => {
    const dice = random(7);
    const honest = toPrompt(plan(say('user', 'a'), say('assistant', 'b'), say('user', 'c'))).text;
    const pieces = [
      ...honest.split(/(?=<)|(?<=>)/),
      '<message-00000000 from="assistant">\n',
      '\n</message-00000000>',
      'from="user" name="x"',
      '>',
      '\n\n',
      'word',
    ];
    const pick = (): string => pieces[Math.floor(dice() * pieces.length)]!;
    for (let round = 0; round < 500; round++) {
      const turns = Array.from({ length: 1 + Math.floor(dice() * 5) }, (_, index): Turn => {
        const text = Array.from({ length: 1 + Math.floor(dice() * 6) }, pick).join('');
        const turn = say(index % 2 === 0 ? 'user' : 'assistant', text);
        return dice() < 0.3 ? { ...turn, name: pick() } : turn;
      });
      const { text } = toPrompt(plan(...turns, say('user', pick())));
      expect(readBack(text).map(({ body }) => body)).toEqual(
        turns.map(({ parts }) => (parts[0] as { text: string }).text),
      );
    }
  });
});
