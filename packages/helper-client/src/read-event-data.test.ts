import { collect } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { readEventData } from './read-event-data.ts';

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const stream = [
  '\uFEFF: hello\n\n',
  'data: {"a":"漢👍"}\n\n',
  'event: x\r\nid: 7\r\ndata:one\r\ndata: two\r\n\r\n',
  'retry: 1\n\n',
  'data: cr\r\r',
  'data: [DONE]\n\n',
  'data: cut off',
].join('');

describe('readEventData', () => {
  it('reads the same wherever the bytes are cut', async () => {
    const bytes = Buffer.from(stream);
    for (let size = 1; size <= bytes.length; size++) {
      expect(await collect(readEventData(cut(bytes, size)))).toEqual([
        '{"a":"漢👍"}',
        'one\ntwo',
        'cr',
        '[DONE]',
      ]);
    }
  });
});
