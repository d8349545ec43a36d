/** How large one JSON Schema may be. */
export const SCHEMA_LIMITS = {
  /** values of any kind, the names of properties aside */
  values: 20_000,
  /** characters of names and texts */
  characters: 500_000,
  /** levels of JSON; a property is two of them */
  depth: 200,
} as const;

/** How large a JSON Schema is, by what work on it depends on. */
export interface SchemaSize {
  readonly values: number;
  readonly characters: number;
}

const measured = new WeakMap<object, SchemaSize>();

/**
 * Measures a JSON Schema, without recursion and no further than the limits. Throws an Error that says
 * which of the {@link SCHEMA_LIMITS} it exceeds.
 */
export function measureSchema(schema: object): SchemaSize {
  const size = measured.get(schema) ?? measure(schema);
  measured.set(schema, size);
  return size;
}

function measure(schema: object): SchemaSize {
  let values = 1;
  let characters = 0;
  let level: object[] = [schema];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > SCHEMA_LIMITS.depth) throw tooLarge('is nested deeper than', 'depth', 'levels');
    const next: object[] = [];
    for (const value of level) {
      const isArray = Array.isArray(value);
      const keys = Object.keys(value);
      values += keys.length;
      if (values > SCHEMA_LIMITS.values) throw tooLarge('has more than', 'values', 'values');
      for (const key of keys) {
        const inner: unknown = Reflect.get(value, key);
        if (!isArray) characters += key.length;
        if (typeof inner === 'string') characters += inner.length;
        else if (typeof inner === 'object' && inner !== null) next.push(inner);
      }
      if (characters > SCHEMA_LIMITS.characters) {
        throw tooLarge('has more than', 'characters', 'characters');
      }
    }
    level = next;
  }
  return { values, characters };
}

const tooLarge = (what: string, limit: keyof typeof SCHEMA_LIMITS, unit: string): Error =>
  new Error(`the schema ${what} ${SCHEMA_LIMITS[limit]} ${unit}`);
