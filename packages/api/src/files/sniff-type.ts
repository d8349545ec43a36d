import { isUtf8 } from 'node:buffer';

/** How files of a type begin, byte by byte as Latin-1; the first that matches decides. */
/* oxlint-disable no-control-regex -- these are bytes, not text */
const BEGINNINGS: readonly [RegExp, mimeType: string][] = [
  [/^\x89PNG\r\n\x1a\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF.{4}WEBP/s, 'image/webp'],
  [/^.{4}ftyphe(i[cmsx]|v[cmsx])/s, 'image/heic'],
  [/^.{4}ftypm(if|sf)1/s, 'image/heif'],
  [/^.{4}ftypavi[fs]/s, 'image/avif'],
  [/^%PDF-/, 'application/pdf'],
  [/^RIFF.{4}WAVE/s, 'audio/wav'],
  [/^(ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb])/, 'audio/mpeg'],
  [/^\xff[\xf0\xf1\xf8\xf9]/, 'audio/aac'],
  [/^FORM.{4}AIF[CF]/s, 'audio/aiff'],
  [/^OggS/, 'audio/ogg'],
  [/^fLaC/, 'audio/flac'],
  [/^.{4}ftypM4[AB] /s, 'audio/mp4'],
  [/^.{4}ftypqt/s, 'video/quicktime'],
  [/^.{4}ftyp3g/s, 'video/3gpp'],
  [/^.{4}ftyp/s, 'video/mp4'],
  [/^RIFF.{4}AVI /s, 'video/x-msvideo'],
  [/^\x1aE\xdf\xa3/, 'video/webm'],
  [/^\0\0\x01[\xb3\xba]/, 'video/mpeg'],
  [/^0&\xb2u/, 'video/x-ms-wmv'],
];
/* oxlint-enable no-control-regex */

/** Readers of PDF find its beginning within so many bytes. */
const PDF_WITHIN = 1024;

/** What a file is by its own bytes: a MIME type, `text` for text of whatever kind, else undefined. */
export function sniffType({ buffer, byteOffset, byteLength }: Uint8Array): string | undefined {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const head = bytes.toString('latin1', 0, 32);
  const found = BEGINNINGS.find(([beginning]) => beginning.test(head))?.[1];
  if (found) return found;
  if (isUtf8(bytes) && !bytes.includes(0)) return 'text';
  return bytes.subarray(0, PDF_WITHIN).includes('%PDF-') ? 'application/pdf' : undefined;
}
