import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { type DraftTurn } from '../../files/remote-file.ts';
import { chatBody, fakeModel, wholeFile } from '../../testing/test-server.ts';
import { parseBody } from '../shared/parse-body.ts';
import { ChatRequest } from './request.ts';
import { toPlan } from './to-plan.ts';
import { toTurns } from './to-turns.ts';

const turnsOf = (...messages: readonly object[]): DraftTurn[] =>
  toTurns(parseBody(ChatRequest, chatBody({ messages })).messages);
const partsOf = (...messages: readonly object[]): DraftTurn['parts'] =>
  turnsOf(...messages).flatMap(({ parts }) => parts);

const user = (content: unknown = 'Go on'): object => ({ role: 'user', content });
const called = (
  ...calls: readonly (readonly [id: string | undefined, name: string])[]
): object => ({
  role: 'assistant',
  content: null,
  tool_calls: calls.map(([id, name]) => ({ id, function: { name, arguments: '{}' } })),
});
const result = (id: string | undefined, content: unknown, name?: string): object => ({
  role: 'tool',
  tool_call_id: id,
  content,
  ...(name ? { name } : {}),
});

/** Each result with the function whose call it is attributed to. */
function attributed(...messages: readonly object[]): (readonly [string, string | undefined])[] {
  const parts = partsOf(...messages);
  const calls = parts.filter((part) => part.type === 'tool_call');
  expect(new Set(calls.map(({ callId }) => callId)).size).toBe(calls.length);
  return parts
    .filter((part) => part.type === 'tool_result')
    .map(({ text, callId }) => [text, calls.find((call) => call.callId === callId)?.name] as const);
}

describe('results of calls', () => {
  it.each([
    ['no id at all', undefined],
    ['an empty one', ''],
    ['one and the same', 'call_0'],
  ])('stand with their calls, in order, where calls of a message have %s', (_, id) => {
    const calls = called([id, 'get_balance'], [id, 'get_limit']);
    const pairs = attributed(user(), calls, result(id, '100 €'), result(id, '500 €'));
    expect(pairs).toEqual([
      ['100 €', 'get_balance'],
      ['500 €', 'get_limit'],
    ]);
  });

  it('stand with the call of their own turn, where ids begin anew in each', () => {
    const pairs = attributed(
      user(),
      called(['call_0', 'first']),
      result('call_0', '1'),
      called(['call_0', 'second'], ['call_1', 'third']),
      result('call_1', '3'),
      result('call_0', '2'),
      user(),
      called(['call_0', 'abandoned']),
      user('Never mind'),
      called(['call_0', 'fourth']),
      result('call_0', '4'),
    );
    expect(pairs).toEqual([
      ['1', 'first'],
      ['3', 'third'],
      ['2', 'second'],
      ['4', 'fourth'],
    ]);
  });

  it('go by the name that they give, where ids are the same', () => {
    const calls = called(['x', 'f'], ['x', 'g']);
    expect(attributed(user(), calls, result('x', 'of g', 'g'), result('x', 'of f', 'f'))).toEqual([
      ['of g', 'g'],
      ['of f', 'f'],
    ]);
  });

  it('W-03: stand with calls of several messages in a row', () => {
    const calls = [called(['', 'f']), called(['', 'g'])];
    expect(attributed(user(), ...calls, result('', '1'), result('', '2'))).toEqual([
      ['1', 'f'],
      ['2', 'g'],
    ]);
  });

  it('stand with their calls in any conversation with colliding ids', () => {
    const ids = fc.constantFrom('', 'call_0', 'call_1', 'call_0_2', 'call_2');
    const round = fc.array(ids, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(round, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        (rounds, split) => {
          const meant: [string, string][] = [];
          const messages = rounds.flatMap((given, index) => {
            const calls = given.map((id, place) => [id, `f_${index}_${place}`] as const);
            for (const [, name] of calls) meant.push([`of ${name}`, name]);
            return [
              ...(index % 2 === 0 ? [user()] : []),
              ...(split ? calls.map((call) => called(call)) : [called(...calls)]),
              ...calls.map(([id, name]) => result(id, `of ${name}`)),
            ];
          });
          expect(attributed(...messages)).toEqual(meant);
        },
      ),
    );
  });

  it('keep an id that names no call', () => {
    expect(partsOf(user(), result('elsewhere', 'x'))[1]).toEqual({
      type: 'tool_result',
      callId: 'elsewhere',
      text: 'x',
    });
  });
});

const PNG = 'iVBORw0KGgoAAAAA';
const uri = `data:image/png;base64,${PNG}`;
const image = { type: 'image_url', image_url: { url: uri } };
const file = (name: string): object => wholeFile('image/png', name, Buffer.from(PNG, 'base64'));
const text = (piece: string): object => ({ type: 'text', text: piece });

describe('media in earlier messages', () => {
  it('our own image answer becomes an attachment in its place, once', () => {
    const answer = {
      role: 'assistant',
      content: `A cat:\n\n![image](${uri})\n\nIt sleeps.`,
      images: [{ index: 0, ...image }],
    };
    expect(turnsOf(user(), answer, user())[1]?.parts).toEqual([
      text('A cat:\n\n'),
      file('file-1.png'),
      text('\n\nIt sleeps.'),
    ]);
  });

  it('images beside an answer’s text become attachments', () => {
    const answer = { role: 'assistant', content: 'A cat:', images: [image] };
    expect(turnsOf(user(), answer, user())[1]?.parts).toEqual([text('A cat:'), file('file-1.png')]);
  });

  it.each(['system', 'developer', 'user', 'assistant'])(
    'a message of the %s may hold some',
    (role) => {
      const message = { role, content: [text('See'), image, text(`and ![x](${uri})`)] };
      expect(turnsOf(message, user())[0]?.parts).toEqual([
        text('See'),
        file('file-1.png'),
        text('and '),
        file('file-2.png'),
      ]);
    },
  );

  it('a result keeps them behind its text, in order', () => {
    const parts = partsOf(
      user(),
      called(['c', 'screenshot']),
      result('c', [text('Taken'), text('.'), image, text('Done.')]),
    );
    expect(parts.slice(2)).toEqual([
      { type: 'tool_result', callId: 'c', name: 'screenshot', text: 'Taken.' },
      file('file-1.png'),
      text('Done.'),
    ]);
  });

  it.each([
    `![x](https://a.test/x.png)`,
    `![x](data:image/png;base64,SGVsbG8=)`,
    `![x](data:image/svg+xml;base64,PHN2Zz4=)`,
    '![x](data:image/png;base64,',
    `\`${uri}\``,
  ])('%s stays text', (content) => {
    expect(turnsOf(user(content))[0]?.parts).toEqual([text(content)]);
  });
});

describe('an assistant message at the end', () => {
  const lastOf = (message: object, more: object = {}): DraftTurn | undefined => {
    const body = chatBody({ messages: [user(), { role: 'assistant', ...message }], ...more });
    const defaults = { temperature: undefined, topP: undefined, maxOutputTokens: undefined };
    return toPlan(parseBody(ChatRequest, body), fakeModel(), defaults).plan.turns.at(-1);
  };

  it.each([[{}], [{ prefix: true }], [{ partial: true }]])('is continued: %j', (fields) => {
    expect(lastOf({ content: 'Once', ...fields })).toMatchObject({ isUnfinished: true });
  });

  it.each([
    [{ content: 'Once', prefix: false }, {}],
    [{ content: 'Once' }, { continue_final_message: false }],
    [{ content: 'Once' }, { add_generation_prompt: true }],
    [{ tool_calls: [{ id: 'c', function: { name: 'f', arguments: '' } }] }, {}],
  ])('is whole: %j %j', (message, more) => {
    expect(lastOf(message, more)?.isUnfinished).toBeUndefined();
  });

  it('is left out when it is empty', () => {
    expect(lastOf({ content: '' })).toMatchObject({ role: 'user' });
    expect(lastOf({ content: null })).toMatchObject({ role: 'user' });
  });
});
