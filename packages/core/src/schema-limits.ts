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

/**
 * Measures a JSON Schema, without recursion and no further than the limits. Throws an Error that says
 * which of the {@link SCHEMA_LIMITS} it exceeds.
 */
export function measureSchema(schema: unknown): SchemaSize {
  let values = 0;
  let characters = 0;
  let level: unknown[] = [schema];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > SCHEMA_LIMITS.depth) throw tooLarge('is nested deeper than', 'depth', 'levels');
    const next: unknown[] = [];
    for (const value of level) {
      values += 1;
      if (typeof value === 'string') characters += value.length;
      else if (Array.isArray(value)) for (const item of value) next.push(item);
      else if (typeof value === 'object' && value !== null) {
        for (const [name, item] of Object.entries(value)) {
          characters += name.length;
          next.push(item);
        }
      }
      if (values + next.length > SCHEMA_LIMITS.values) {
        throw tooLarge('has more than', 'values', 'values');
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
