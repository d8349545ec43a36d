import { randomBytes } from 'node:crypto';

import { collect } from '@aistudio/testing';
import { expect, it } from '@jest/globals';
import { type Redis } from 'ioredis';

import { readStoredFiles, storeFile } from './stored-files.ts';

/** As much of Redis as files need; each value is what one command carries. */
function createStore(): { redis: Redis; values: Map<string, Buffer>; lifetimes: number[] } {
  const values = new Map<string, Buffer>();
  const lifetimes: number[] = [];
  const redis = {
    async hset(key: string, field: string, value: Buffer) {
      values.set(`${key} ${field}`, value);
    },
    async pexpire(_key: string, ms: number) {
      lifetimes.push(ms);
    },
    hgetBuffer: async (key: string, field: string) => values.get(`${key} ${field}`) ?? null,
  };
  return { redis: redis as unknown as Redis, values, lifetimes };
}

it('files come back byte by byte, in pieces that hold nothing up and can be encoded one by one', async () => {
  const { redis, values, lifetimes } = createStore();
  const files = [randomBytes(2_000_000), Buffer.from('x'), Buffer.alloc(0)];
  for (const [number, bytes] of files.entries()) await storeFile(redis, 'job', number, bytes, 5000);
  const read = readStoredFiles(redis, 'job');
  for (const [number, bytes] of files.entries()) {
    const pieces = await collect(read({ number, size: bytes.length }));
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    expect(pieces.map((piece) => piece.toString('base64')).join('')).toBe(bytes.toString('base64'));
  }
  expect(Math.max(...Array.from(values.values(), ({ length }) => length))).toBeLessThan(1_000_000);
  expect(lifetimes).toEqual([5000, 5000]);
});

it('a file that is gone is an error, not an empty file', async () => {
  const { redis } = createStore();
  const reading = collect(readStoredFiles(redis, 'job')({ number: 0, size: 1 }));
  await expect(reading).rejects.toThrow('no longer stored');
});
