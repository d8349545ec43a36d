import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One whole body and what it says, event by event. */
export interface Vector {
  readonly name: string;
  readonly body: Buffer;
  readonly events: readonly unknown[];
}

/**
 * The worked answers (wire-format.md §11): `*.wire` is a body, byte for
 * byte; `*.events.jsonl` is what a correct decoder says of it, one event a line.
 */
export const vectors: readonly Vector[] = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.wire'))
  .map((file) => {
    const name = file.replace('.wire', '');
    const lines = readFileSync(join(import.meta.dirname, `${name}.events.jsonl`), 'utf8');
    return {
      name,
      body: readFileSync(join(import.meta.dirname, file)),
      events: lines
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    };
  });

/** The vector with this name. */
export function vector(name: string): Vector {
  const found = vectors.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no vector ${name}`);
  return found;
}
