import { describe, expect, it } from '@jest/globals';

import { CallDraft } from './call-draft.ts';

/** A call of which this comes, with these functions declared. */
function eventsOf(
  message: unknown,
  pieces: readonly string[] = [],
  functionNames: readonly string[] | undefined = ['look'],
) {
  const draft = new CallDraft(message, functionNames);
  for (const piece of pieces) draft.addArguments(piece);
  return draft.toEvents();
}
const call = (args: object, more: object = {}): object => ({
  type: 'call',
  name: 'look',
  args,
  ...more,
});

describe('a call that comes in pieces', () => {
  it('has its name, id and arguments wherever they stand in its message', () => {
    expect(eventsOf([null, ['look', 'id-1']], ['{"a":', '1}'])).toEqual([
      call({ a: 1 }, { id: 'id-1' }),
    ]);
    expect(eventsOf(['id-1', [['look', '', null, 7]]], ['{}'])).toEqual([call({}, { id: 'id-1' })]);
    expect(eventsOf([['look', '{"a":1}']])).toEqual([call({ a: 1 })]);
  });

  it('has no arguments where none came, and no id where there is none', () => {
    expect(eventsOf(['look', 'look'])).toEqual([call({})]);
    expect(eventsOf(['look'], ['  '])).toEqual([call({})]);
  });

  it('has the signature that came with it', () => {
    const draft = new CallDraft(['look'], ['look']);
    draft.signature = 'signed';
    expect(draft.toEvents()).toEqual([
      call({}),
      { type: 'signature', on: 'part', value: 'signed' },
    ]);
  });

  it('keeps its name when it is described again without one', () => {
    const draft = new CallDraft(['look', 'id-1'], ['look']);
    draft.describe([null, 'other words']);
    expect(draft.toEvents()).toEqual([call({}, { id: 'id-1' })]);
  });

  it.each(['[1]', 'null', '7', '{"a":'])('cannot be read with the arguments %s', (text) => {
    expect(eventsOf(['look'], [text])).toBe('malformed');
  });

  it('is none of ours where no declared name is in it, unless it has arguments', () => {
    expect(eventsOf(['search'])).toEqual([]);
    expect(eventsOf(['search'], [' '])).toEqual([]);
    expect(eventsOf(['search'], ['{}'])).toBe('unnamed');
    expect(eventsOf(['search'], ['{}'], [])).toEqual([]);
  });

  it('has any name that the service allows where it is not known what was declared', () => {
    const nameOf = (text: string): unknown => {
      const events = new CallDraft([text], undefined).toEvents();
      return Array.isArray(events) ? events.map((event) => 'name' in event && event.name) : events;
    };
    for (const name of ['f', '_x', 'ns.get:item-1', 'x'.repeat(128)]) {
      expect(nameOf(name)).toEqual([name]);
    }
    for (const other of ['', '1st', '-x', 'two words', 'x!', 'x'.repeat(129)]) {
      expect(nameOf(other)).toEqual([]);
    }
  });
});
