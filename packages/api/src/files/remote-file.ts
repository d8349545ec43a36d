import { type Part, type Plan, StudioError, type Turn } from '@aistudio/core';

import { digestOf } from './decoded-file.ts';
import { type Download, DownloadError, type Downloaded } from './download.ts';
import { toFileName } from './file-types.ts';
import { typeOfFile } from './media-type.ts';
import { type Attachment, type WholeFile } from './to-file.ts';

/** A file that a message names by its address, not fetched yet. */
export interface RemoteFile extends Omit<Attachment, 'source'> {
  readonly type: 'remote_file';
  readonly source: string;
  /** Makes names unique within a request. */
  readonly position: number;
}

/** A piece of a message, with the bytes of its file. */
export type WholePart = Exclude<Part, { type: 'file' }> | WholeFile;
/** A turn with the bytes of its files. */
export type WholeTurn = Omit<Turn, 'parts'> & { parts: WholePart[] };
/** A plan with the bytes of its files, as long as these are not stored. */
export type WholePlan = Omit<Plan, 'turns'> & { readonly turns: readonly WholeTurn[] };

/** A turn whose files may still have to be fetched. */
export type DraftTurn = Omit<Turn, 'parts'> & { parts: (WholePart | RemoteFile)[] };

/** A plan whose files may still have to be fetched. */
export type Draft = Omit<Plan, 'turns'> & { readonly turns: readonly DraftTurn[] };

const YOUTUBE = /^https?:\/\/((www|m|music)\.)?(youtube\.com|youtube-nocookie\.com|youtu\.be)\//i;

/**
 * The remote file that an attachment names; undefined when it brings its bytes itself. Throws
 * `unsupported_parameter` for a YouTube link: its page is no video.
 */
export function toRemoteFile(attachment: Attachment, position: number): RemoteFile | undefined {
  const { param, source } = attachment;
  if (typeof source !== 'string' || !/^https?:/i.test(source)) return undefined;
  if (!YOUTUBE.test(source)) return { type: 'remote_file', ...attachment, source, position };
  throw new StudioError(
    'unsupported_parameter',
    `'${param}' is a YouTube link, behind which there is a page and no video. Send the video itself.`,
    { param },
  );
}

/**
 * The plan with all its files, fetched in one go. Throws a 400 that names the part at fault, or the
 * reason of `signal`.
 */
export async function fetchFiles(
  draft: Draft,
  download: Download,
  signal: AbortSignal,
): Promise<WholePlan> {
  const wanted = draft.turns.flatMap(({ parts }) => parts.filter(isRemote));
  const files = wanted.length === 0 ? NONE : await fetchAll(wanted, download, signal);
  return { ...draft, turns: draft.turns.map((turn) => fill(turn, files)) };
}

async function fetchAll(
  wanted: readonly RemoteFile[],
  download: Download,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Downloaded>> {
  try {
    const urls = wanted.map(({ source }) => source);
    return await download(urls, signal);
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    const param = wanted.find(({ source }) => source === error.url)?.param;
    const message = `The file in '${param}' could not be fetched: ${error.message}.`;
    throw new StudioError('invalid_value', message, { param, cause: error });
  }
}

const NONE: ReadonlyMap<string, Downloaded> = new Map();

const isRemote = (part: WholePart | RemoteFile): part is RemoteFile => part.type === 'remote_file';

const fill = (turn: DraftTurn, files: ReadonlyMap<string, Downloaded>): WholeTurn => ({
  ...turn,
  parts: turn.parts.map((part) => (isRemote(part) ? toFilePart(part, files) : part)),
});

function toFilePart(remote: RemoteFile, files: ReadonlyMap<string, Downloaded>): WholeFile {
  const { param, source, name, position, isMedia = false } = remote;
  const file = files.get(source);
  if (!file) throw new Error('the download left a file out');
  if (file.bytes.length === 0) {
    throw new StudioError('invalid_value', `The file in '${param}' is empty.`, { param });
  }
  const { bytes, contentType } = file;
  const path = new URL(source).pathname;
  const facts = { param, bytes, declared: contentType, name: path, isMedia };
  const mimeType = typeOfFile({ ...facts, trustsLabel: false });
  return {
    type: 'file',
    mimeType,
    name: toFileName(name ?? lastSegment(path), mimeType, position),
    bytes,
    digest: digestOf(bytes),
  };
}

function lastSegment(path: string): string {
  const segment = path.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
