import { type JsonObject } from './json-object.ts';

/** A place in a schema: its key, and the place above. Undefined = the root. */
export interface SchemaPlace {
  readonly key: string | number;
  readonly above: SchemaPlace | undefined;
}

/** The place behind a key. */
export const below = (above: SchemaPlace | undefined, key: string | number): SchemaPlace => ({
  key,
  above,
});

/** Keys from the root to a place. */
export function pathOf(place: SchemaPlace | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at = place; at; at = at.above) keys.push(at.key);
  return keys.toReversed();
}

/** How the parts of a schema are repaired. */
export interface Repairer {
  /** Repairs what stands where a schema is expected. */
  schema(value: unknown, path: SchemaPlace | undefined): unknown;
  /** The `$ref` in place of the client's own; undefined when that leads nowhere. */
  reference(reference: string, from: JsonObject, path: SchemaPlace | undefined): string | undefined;
  fault(path: SchemaPlace | undefined, reason: string): void;
}
