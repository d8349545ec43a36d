import { describe, expect, it } from '@jest/globals';

import { sniffType } from './sniff-type.ts';

describe('sniffType', () => {
  it.each([
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['GIF89a', 'image/gif'],
    ['RIFF\x01\n\x02\x03WEBPVP8', 'image/webp'],
    ['\0\0\0\x18ftypheic', 'image/heic'],
    ['\0\0\0\x18ftypavif', 'image/avif'],
    ['%PDF-1.7', 'application/pdf'],
    ['RIFF\0\0\0\0WAVE', 'audio/wav'],
    ['ID3\x04', 'audio/mpeg'],
    ['\xff\xfb\x90', 'audio/mpeg'],
    ['\xff\xf1\x50', 'audio/aac'],
    ['OggS', 'audio/ogg'],
    ['fLaC', 'audio/flac'],
    ['\0\0\0\x20ftypM4A ', 'audio/mp4'],
    ['\0\0\0\x20ftypisom', 'video/mp4'],
    ['\0\0\0\x14ftypqt  ', 'video/quicktime'],
    ['\x1aE\xdf\xa3', 'video/webm'],
    ['<!doctype html>', 'text'],
    ['{"a":1}', 'text'],
    ['\xef\xbb\xbfwith a mark', 'text'],
    ['MZ\0\0', undefined],
    ['\xff\xfe\x00', undefined],
  ])('%j is %s', (bytes, mimeType) => {
    expect(sniffType(Buffer.from(bytes, 'latin1'))).toBe(mimeType);
  });
});
