import { type JobEvent } from '@aistudio/core';
import { collect } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { cutAtStop } from './stop-sequences.ts';

const text = (piece: string): JobEvent => ({ type: 'text', text: piece });
const finish: JobEvent = { type: 'finish', reason: 'length' };

async function* asStream(events: readonly JobEvent[], failure?: Error): AsyncGenerator<JobEvent> {
  yield* events;
  if (failure) throw failure;
}
const cut = async (pieces: readonly JobEvent[], stops: string[]): Promise<string> => {
  const events = await collect(cutAtStop(asStream([...pieces, finish]), stops));
  return events
    .map((event) =>
      event.type === 'text' ? event.text : event.type === 'finish' ? `[${event.reason}]` : '#',
    )
    .join('');
};

describe('cutAtStop', () => {
  it('ends the answer before the first stop sequence', async () => {
    expect(await cut([text('one END two END')], ['END'])).toBe('one [stop]');
    expect(await cut([text('one')], ['END'])).toBe('one[length]');
    expect(await cut([text('one')], [])).toBe('one[length]');
  });

  it('finds it however the text is cut, and never sends a part of it', async () => {
    const whole = 'one\nUser: two EN END three';
    for (const stops of [['\nUser:'], ['END'], ['three!', 'END', 'NEVER'], ['cd', 'abcde'], []]) {
      const expected = await cut([text(whole)], stops);
      for (let first = 0; first < whole.length; first++) {
        for (let second = first; second < whole.length; second++) {
          const pieces = [whole.slice(0, first), whole.slice(first, second), whole.slice(second)];
          expect(await cut(pieces.map(text), stops)).toBe(expected);
        }
      }
    }
  });

  it('takes the one that is complete first, whether it comes at once or by the character', async () => {
    for (const whole of ['abcde', 'xabcdx']) {
      const stops = ['bcd', 'c', 'abcde'];
      expect(await cut([text(whole)], stops)).toBe(await cut(whole.split('').map(text), stops));
    }
  });

  it('sends everything else at once', async () => {
    const events = await collect(cutAtStop(asStream([text('a E'), text('x'), finish]), ['END']));
    expect(events).toEqual([text('a '), text('Ex'), finish]);
  });

  it('does not look for it across what is not text, but across thoughts', async () => {
    const call: JobEvent = { type: 'tool_call', index: 0, id: 'a', name: 'f', arguments: '{}' };
    expect(await cut([text('EN'), call, text('D')], ['END'])).toBe('EN#D[length]');
    expect(await cut([text('EN'), { type: 'reasoning', text: 'hm' }, text('D')], ['END'])).toBe(
      '#[stop]',
    );
  });

  it('gives what it held back when the answer breaks off', async () => {
    const seen: JobEvent[] = [];
    const reading = (async () => {
      for await (const event of cutAtStop(asStream([text('a EN')], new Error('cut')), ['END'])) {
        seen.push(event);
      }
    })();
    await expect(reading).rejects.toThrow('cut');
    expect(seen).toEqual([text('a '), text('EN')]);
  });

  it('lets the source of the answer know that no more is wanted', async () => {
    let isReturned = false;
    const endless = async function* (): AsyncGenerator<JobEvent> {
      try {
        for (;;) yield text('one END');
      } finally {
        isReturned = true;
      }
    };
    await collect(cutAtStop(endless(), ['END']));
    expect(isReturned).toBe(true);
  });
});
