import { unwatchFile, watchFile } from 'node:fs';

/** How often to look, ms. Looking at the name, not the file, survives that it is replaced whole. */
const LOOK_MS = 500;

/** Tells when the signed-in profile was written anew. */
export function watchProfile(file: string, onChange: () => void): AsyncDisposable {
  const listener = (now: { mtimeMs: number }, before: { mtimeMs: number }): void => {
    if (now.mtimeMs > before.mtimeMs) onChange();
  };
  watchFile(file, { interval: LOOK_MS }, listener);
  return {
    [Symbol.asyncDispose]() {
      unwatchFile(file, listener);
      return Promise.resolve();
    },
  };
}
