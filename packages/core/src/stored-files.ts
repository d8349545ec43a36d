import { type Redis } from 'ioredis';

import { StudioError } from './errors.ts';
import { type FilePart } from './job.ts';
import { names } from './redis.ts';

/**
 * How much of a file is moved at a time, bytes: so little that nothing else has to wait for it. A
 * multiple of three, so that pieces can be written as base64 one by one.
 */
const PIECE_BYTES = 3 * 2 ** 18;

const fieldOf = (number: number, piece: number): string => `${number}:${piece}`;

/** Gives a stored file's bytes, piece by piece. Throws `not_ready` when they are gone. */
export type ReadFile = (file: Pick<FilePart, 'number' | 'size'>) => AsyncIterable<Buffer>;

/**
 * Stores the bytes of a plan's file beside the plan, so that no JSON ever holds them. Written again it
 * is the same; the plan's end deletes it, at the latest after `lifetimeMs`.
 */
export async function storeFile(
  redis: Redis,
  id: string,
  number: number,
  bytes: Uint8Array,
  lifetimeMs: number,
): Promise<void> {
  const key = names.files(id);
  for (let piece = 0; piece * PIECE_BYTES < bytes.length; piece++) {
    const from = piece * PIECE_BYTES;
    const part = Buffer.from(bytes.subarray(from, from + PIECE_BYTES));
    await redis.hset(key, fieldOf(number, piece), part);
    if (piece === 0) await redis.pexpire(key, lifetimeMs);
  }
}

/** Reads what {@link storeFile} stored for the job of this id. */
export const readStoredFiles = (redis: Pick<Redis, 'hgetBuffer'>, id: string): ReadFile =>
  async function* ({ number, size }) {
    for (let piece = 0; piece * PIECE_BYTES < size; piece++) {
      const bytes = await redis.hgetBuffer(names.files(id), fieldOf(number, piece));
      if (!bytes) {
        throw new StudioError(
          'not_ready',
          'A file of the request is no longer stored. Send it again.',
        );
      }
      yield bytes;
    }
  };
