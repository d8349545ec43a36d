import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import { findSecrets, type Secret } from './find-secrets.ts';
import { Recording } from './recording.ts';

/** A recording that must not be written or used: it holds something personal. */
export class SecretsFoundError extends Error {
  override readonly name = 'SecretsFoundError';
  readonly secrets: readonly Secret[];

  constructor(secrets: readonly Secret[]) {
    const list = secrets.map(({ kind, where }) => `${kind} in ${where}`).join('; ');
    super(`The recording still holds what must not be shared: ${list}. Nothing was written.`);
    this.secrets = secrets;
  }
}

/**
 * Writes a recording, mode 0600, packed if the name ends in `.gz`. Throws {@link SecretsFoundError},
 * and writes nothing, if anything in it looks like an address, a key or a token.
 */
export async function writeRecording(file: string, recording: Recording): Promise<void> {
  const secrets = findSecrets(recording);
  if (secrets.length > 0) throw new SecretsFoundError(secrets);
  const text = `${JSON.stringify(recording, null, 1)}\n`;
  await writePrivately(file, file.endsWith('.gz') ? gzipSync(text) : text);
}

/** Writes a file of mode 0600, whole or not at all; makes its folder, mode 0700, when missing. */
export async function writePrivately(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.unfinished`;
  await writeFile(unfinished, content, { mode: 0o600 });
  await chmod(unfinished, 0o600); // it may have been left by a run that was killed
  await rename(unfinished, file);
}

/** Reads a recording, packed or not. Throws a message that says what is wrong with the file. */
export async function readRecording(file: string): Promise<Recording> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Error(`${file} cannot be read.`, { cause });
  });
  try {
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return Recording.parse(JSON.parse((isPacked ? gunzipSync(bytes) : bytes).toString()));
  } catch (cause) {
    throw new Error(`${file} is no recording of this version.`, { cause });
  }
}
