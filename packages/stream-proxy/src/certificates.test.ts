import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { newSerialNumber, openCertificates } from './certificates.ts';

let parent: string;
let directory: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'aistudio-certs-'));
  directory = join(parent, 'certs');
});
afterEach(() => rm(parent, { recursive: true }));

const permissions = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('openCertificates', () => {
  it('keeps an authority and one key, for the owner alone, and opens them again', async () => {
    const first = await openCertificates(directory);
    expect(await permissions(directory)).toBe(0o700);
    const files = await readdir(directory);
    expect(files.toSorted()).toEqual(['ca.pem', 'leaf-key.pem']);
    for (const file of files) expect(await permissions(join(directory, file))).toBe(0o600);
    const second = await openCertificates(directory);
    expect(second).toMatchObject({ spki: first.spki, ca: first.ca });
  });

  it('certifies hosts with the one key that is pinned', async () => {
    const certificates = await openCertificates(directory);
    const [one, other] = ['a.example', 'b.example'].map((host) => certificates.forHost(host));
    const leaf = new X509Certificate(one!.cert);
    const authority = new X509Certificate(certificates.ca);
    expect(leaf.verify(authority.publicKey)).toBe(true);
    expect(leaf.checkIssued(authority)).toBe(true);
    expect(leaf.checkHost('a.example')).toBe('a.example');
    expect(leaf.checkHost('b.example')).toBeUndefined();
    expect(leaf.ca).toBe(false);
    expect(one!.key).toBe(other!.key);
    expect(one!.cert.endsWith(certificates.ca)).toBe(true);
  });

  it.each(['ca.pem', 'leaf-key.pem'])('says to delete %s when it cannot be used', async (file) => {
    await openCertificates(directory);
    await writeFile(join(directory, file), 'garbage');
    await expect(openCertificates(directory)).rejects.toThrow(
      new RegExp(`${file} cannot be used .* Delete it`),
    );
  });

  it('refuses an authority with the key of another', async () => {
    await openCertificates(directory);
    const other = join(parent, 'other');
    await openCertificates(other);
    const [certificate] = (await readFile(join(directory, 'ca.pem'), 'utf8')).split(
      /(?=-----BEGIN PRIV)/,
    );
    const [, key] = (await readFile(join(other, 'ca.pem'), 'utf8')).split(/(?=-----BEGIN PRIV)/);
    await writeFile(join(directory, 'ca.pem'), certificate! + key!);
    await expect(openCertificates(directory)).rejects.toThrow(/not that of its certificate/);
  });
});

it('never begins a serial number with a zero byte or a sign: one authority in 256 could not be read', () => {
  for (let count = 0; count < 2000; count++) {
    expect(newSerialNumber()).toMatch(/^(0[1-9a-f]|[1-7][0-9a-f])[0-9a-f]{30}$/);
  }
});
