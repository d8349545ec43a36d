import { constants as http2 } from 'node:http2';
import { PassThrough, pipeline, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { constants as zlib, createGzip, type Gzip } from 'node:zlib';

import { type Exchange, type Response } from './exchange.ts';

/** A response body that leaves piece by piece. */
export interface BodyStream {
  /** Resolves when the piece is on its way (flushed, where asked for), or when the client is gone. */
  write(piece: string | Buffer): Promise<void>;
  /** Ends the body properly; resolves when everything is handed over. */
  end(): Promise<void>;
  /** Cuts the connection: what was written arrives, no proper end does. */
  cut(): Promise<void>;
}

/** How the bytes travel (wire-format.md §5.9). */
export interface BodyStyle {
  readonly gzip: boolean;
  readonly flushPerFrame: boolean;
  /** Network chunks of this many bytes. */
  readonly splitBytes: number | 'random' | null;
  readonly splitInsideUtf8: boolean;
  /** Cut the connection by itself after this many bytes. */
  readonly dropAfterBytes: number | null;
}

/** Sends the headers and returns the stream for the body. */
export function openBody(
  exchange: Exchange,
  style: BodyStyle,
  headers: Readonly<Record<string, string | readonly string[]>>,
): BodyStream {
  const { response, request } = exchange;
  const accepts = /\bgzip\b/.test(request.headers['accept-encoding']?.toString() ?? '');
  const gzip = style.gzip && accepts && !style.splitInsideUtf8 ? createGzip() : undefined;
  response.statusCode = 200;
  for (const [name, value] of Object.entries(headers))
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  if (gzip) response.setHeader('content-encoding', 'gzip');

  const sink = sinkFor(response);
  const stage = gzip ?? (needsCutting(style) ? new PassThrough() : undefined);
  const pieceByPiece = cutUp(style, () => cutConnection(response));
  if (stage) pipeline(stage, pieceByPiece, sink, () => {}); // a client that leaves is no failure
  response.once('close', () => sink.destroy());
  const head = stage ?? sink;

  return {
    async write(piece) {
      await new Promise<void>((resolve) => head.write(piece, () => resolve()));
      if (gzip && style.flushPerFrame) await flush(gzip);
    },
    async end() {
      await new Promise<void>((resolve) => {
        response.once('close', resolve);
        head.end();
        if (exchange.signal.aborted) resolve();
      });
    },
    async cut() {
      if (gzip) await flush(gzip);
      await setImmediate();
      cutConnection(response);
    },
  };
}

/** A plain stream in front of the response: h2 responses only resemble one. */
function sinkFor(response: Response): Writable {
  const write: (chunk: Buffer, done: () => void) => boolean = response.write.bind(response);
  const end: (done: () => void) => unknown = response.end.bind(response);
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => void write(chunk, () => done()),
    final: (done) => void end(() => done()),
  });
  return sink.on('error', () => {}); // only ever that the client left
}

async function flush(gzip: Gzip): Promise<void> {
  await new Promise<void>((resolve) => gzip.flush(zlib.Z_SYNC_FLUSH, () => resolve()));
}

/** Cuts a response off. Over h2 only its stream dies; to the page that is a lost connection. */
export function cutConnection(response: Response): void {
  if ('stream' in response) response.stream.close(http2.NGHTTP2_INTERNAL_ERROR);
  else response.destroy();
}

function needsCutting({ splitBytes, splitInsideUtf8, dropAfterBytes }: BodyStyle): boolean {
  return Boolean(splitBytes) || splitInsideUtf8 || typeof dropAfterBytes === 'number';
}

function cutUp(
  style: BodyStyle,
  drop: () => void,
): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (source) {
    let left = style.dropAfterBytes ?? Number.POSITIVE_INFINITY;
    for await (const chunk of source) {
      if (!needsCutting(style)) yield chunk;
      else
        for (const piece of pieces(chunk.subarray(0, left), style)) {
          yield piece;
          await setImmediate(); // so that each leaves on its own
        }
      left -= chunk.length;
      if (left > 0) continue;
      drop();
      return;
    }
  };
}

function* pieces(chunk: Buffer, { splitBytes, splitInsideUtf8 }: BodyStyle): Generator<Buffer> {
  let start = 0;
  for (let index = 1; index < chunk.length; index += 1) {
    const size = splitBytes === 'random' ? 1 + Math.floor(Math.random() * 20) : splitBytes;
    const isDue = size ? index - start >= size : false;
    const isInside = splitInsideUtf8 && ((chunk[index] ?? 0) & 0xc0) === 0x80;
    if (!isDue && !isInside) continue;
    yield chunk.subarray(start, index);
    start = index;
  }
  if (chunk.length > 0) yield chunk.subarray(start);
}
