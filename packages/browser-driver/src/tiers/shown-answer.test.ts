import { describe, expect, it } from '@jest/globals';

import { applyChanges, type Segment } from '../page/answer-view.ts';
import { settledText, toContent } from './shown-answer.ts';

const source = (text: string): Segment => ({ kind: 'text', text, isSource: true });
const rendered = (text: string): Segment => ({ kind: 'text', text, isSource: false });
const thought: Segment = { kind: 'thought', text: 'hm', isSource: false };
const call: Segment = {
  kind: 'call',
  text: JSON.stringify(['get', '{\n  "a": [1, 2]\n}']),
  isSource: true,
};
const code = (label: string, text: string, type = 'code'): Segment => ({
  kind: 'code',
  text: JSON.stringify([type, label, text]),
  isSource: true,
});
const image: Segment = { kind: 'image', text: 'blob:x', isSource: true };
const images = new Map([['blob:x', { mimeType: 'image/png', data: 'AAAA' }]]);

describe('settledText', () => {
  it('holds back what may still change at the end: white space, half of a character', () => {
    expect(settledText([source('one\n\n two \n')])).toBe('one\n\n two');
    expect(settledText([source('smile \uD83D')])).toBe('smile');
    expect(settledText([source('one \n'), source('')])).toBe('one');
    expect(settledText([source('one \n'), source('two')])).toBe('one \ntwo');
  });

  it('never takes rendered text for the model’s own', () => {
    expect(settledText([thought, rendered('bold')])).toBe('');
    expect(settledText([source('a'), rendered('b'), source('c')])).toBe('a');
  });

  it('stops where something else has its place in the text, but not at calls', () => {
    expect(settledText([source('a'), image, source('c')])).toBe('a');
    expect(settledText([code('python', 'x'), source('c')])).toBe('');
    expect(settledText([source('a'), call, source('c')])).toBe('ac');
  });

  it('is always a beginning of the finished text', () => {
    const all = [thought, source('Hello,  \n'), call, source(' 😀 world\n'), source(' ')];
    const text = toContent(all, images)
      .map((event) => (event.type === 'text' ? event.text : ''))
      .join('');
    for (let length = 0; length <= text.length; length++) {
      let left = length;
      const growing = all.map((segment) => {
        if (segment.kind !== 'text') return segment;
        const shown = segment.text.slice(0, left);
        left -= shown.length;
        return source(shown);
      });
      expect(text.startsWith(settledText(growing))).toBe(true);
    }
  });
});

describe('toContent', () => {
  it('keeps thoughts, text, calls and images apart, in their order', () => {
    expect(toContent([thought, source('a '), image, call], images)).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'a ' },
      { type: 'media', mimeType: 'image/png', data: 'AAAA' },
      {
        type: 'tool_call',
        index: 0,
        id: expect.stringMatching(/^call_/),
        name: 'get',
        arguments: '{"a":[1,2]}',
      },
    ]);
  });

  it('writes run code and its result as fenced blocks on lines of their own', () => {
    const events = toContent(
      [source('So:'), code('Python', '1+1'), code('OK', '2\n', 'result')],
      images,
    );
    expect(events.map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe(
      'So:\n\n```python\n1+1\n```\n\n```output\n2\n```\n\n',
    );
  });

  it.each([
    ['code', 'code', 'python'],
    ['code', '', 'python'],
    ['code', 'unspecified', ''],
    ['code', 'ok', 'output'],
    ['result', 'Outcome: OK', 'output'],
    ['result', 'Code execution result', 'output'],
    ['result', 'failed', 'output FAILED'],
    ['result', 'deadline_exceeded', 'output DEADLINE_EXCEEDED'],
  ])('fences %s that the page labels "%s" as "%s", as the decoder does', (type, label, tag) => {
    const [event] = toContent([code(label, 'x', type)], images);
    expect(event).toEqual({ type: 'text', text: `\`\`\`${tag}\nx\n\`\`\`\n\n` });
  });

  it('tells no thoughts again after a tier that knew their source', () => {
    const sent = { text: '', hasReasoning: true };
    expect(toContent([thought, source('a')], images, sent)).toEqual([{ type: 'text', text: 'a' }]);
  });

  it('tells code that was run as the tier before has told it', () => {
    const before = 'So:\n\n```python\n1 + 1\n\n```\n\n```output\n``\n```\n\n';
    const shown = [source('So:'), code('py', '1 + 1'), code('OK', '', 'result'), source('Two.')];
    const events = toContent(shown, images, { text: before, hasReasoning: false });
    const told = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
    expect(told).toBe(`${before}Two.`);
  });

  it('tells code of its own where the tier before had not come to it', () => {
    const shown = [source('So:'), code('python', '1+1'), source('Two.')];
    const events = toContent(shown, images, { text: 'So:', hasReasoning: false });
    const told = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
    expect(told).toBe('So:\n\n```python\n1+1\n```\n\nTwo.');
  });

  it('leaves the page’s own words out', () => {
    expect(
      toContent([{ kind: 'remark', text: 'Content blocked', isSource: false }], images),
    ).toEqual([]);
  });
});

describe('applyChanges', () => {
  it('appends, replaces and adds', () => {
    const segments: Segment[] = [source('Hel')];
    applyChanges(segments, [
      { ...source('lo'), index: 0, keep: 3 },
      { ...thought, index: 1, keep: 0 },
    ]);
    expect(segments).toEqual([source('Hello'), thought]);
    applyChanges(segments, [{ ...rendered('new'), index: 0, keep: 0 }]);
    expect(segments[0]).toEqual(rendered('new'));
  });
});
