import { type FilePart, StudioError } from '@aistudio/core';

import { type DecodedFile, decodeBase64, type FileSource, readDataUri } from './decoded-file.ts';
import { MIME_TYPES, toFileName } from './file-types.ts';
import { typeOfFile } from './media-type.ts';

/** A file of the conversation with its bytes, which are not stored yet. */
export interface WholeFile extends Pick<FilePart, 'type' | 'mimeType' | 'name' | 'digest'> {
  readonly bytes: Uint8Array;
}

/** A file as a request carries it; `param` names it in errors. */
export interface Attachment {
  readonly param: string;
  /** A web address, a `data:` URI, or bare base64 where `format` or `name` tells the type. */
  readonly source: FileSource;
  /** File extension: `wav`. */
  readonly format?: string | undefined;
  readonly name?: string | null | undefined;
  /** True where only an image, audio or video makes sense. */
  readonly isMedia?: boolean;
}

/**
 * The bytes and type of an attachment that carries them. `position` makes names unique within a request. Throws
 * `invalid_value` or `unsupported_parameter` that names `param`.
 */
export function toFile(attachment: Attachment, position: number): WholeFile {
  const { param, isMedia = false, name } = attachment;
  const { declared = declaredByName(attachment), bytes, digest } = decode(attachment);
  if (bytes.length === 0) {
    throw new StudioError('invalid_value', `The file in '${param}' is empty.`, { param });
  }
  const facts = { param, bytes, declared, name: name ?? undefined, isMedia };
  const mimeType = typeOfFile({ ...facts, trustsLabel: true });
  return { type: 'file', mimeType, name: toFileName(name, mimeType, position), bytes, digest };
}

function decode(attachment: Attachment): DecodedFile {
  const { param, source } = attachment;
  const isUri = typeof source === 'string' ? /^data:/i.test(source) : source.declared !== undefined;
  if (!isUri) requireExtension(attachment);
  if (typeof source !== 'string') return source;
  const uri = isUri ? readDataUri(source) : { declared: undefined, payload: source };
  if (!uri) throw invalid(param, `'${param}' is not a data:<type>;base64,… URI.`);
  const file = decodeBase64(uri.payload, uri.declared);
  if (!file) throw invalid(param, `The data in '${param}' is not base64.`);
  return file;
}

/** Bare base64 needs a name that says what it is. */
function requireExtension(attachment: Attachment): void {
  const { param, source } = attachment;
  const isAddress = typeof source === 'string' && /^[a-z][a-z0-9+.-]*:/i.test(source.slice(0, 32));
  if (extensionOf(attachment) !== undefined && !isAddress) return;
  throw invalid(param, `'${param}' must be a data:<type>;base64,… URI or an https:// address.`);
}

const extensionOf = ({ format, name }: Attachment): string | undefined =>
  format ?? name?.split('.').at(-1);

function declaredByName(attachment: Attachment): string | undefined {
  const { source } = attachment;
  if (typeof source === 'string' && /^data:/i.test(source)) return undefined;
  const extension = extensionOf(attachment);
  return extension === undefined ? undefined : (MIME_TYPES[extension.toLowerCase()] ?? extension);
}

const invalid = (param: string, message: string): StudioError =>
  new StudioError('invalid_value', message, { param });
