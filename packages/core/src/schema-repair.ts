import { isPlainObject, type JsonObject } from './json-object.ts';
import { readKeywords } from './schema-keywords.ts';
import { SchemaReferences } from './schema-references.ts';

/** Keys from a schema's root to a place in it. */
export type SchemaPath = readonly (string | number)[];

/** Something of a schema that cannot be used. */
export interface SchemaFault {
  readonly path: SchemaPath;
  /** What is wrong there. */
  readonly reason: string;
}

/** A schema in the one form that the rest of the program knows. */
export interface RepairedSchema {
  /**
   * Of draft 2020-12, without `$id` and anchors, but `nullable` beside what a type list cannot say.
   * Every `$ref` is `#`, or `#/$defs/NAME` and names one of the root's `$defs`.
   */
  readonly schema: JsonObject;
  /** What was left out, since its meaning is not known. Empty = the schema says all that it did. */
  readonly faults: readonly SchemaFault[];
}

/** How the parts of a schema are repaired. */
export interface Repairer {
  /** Repairs what stands where a schema is expected. */
  schema(value: unknown, path: SchemaPath): unknown;
  /** The `$ref` in place of the client's own; undefined when that leads nowhere. */
  reference(reference: string, from: JsonObject, path: SchemaPath): string | undefined;
  fault(path: SchemaPath, reason: string): void;
}

const remembered = new WeakMap<JsonObject, RepairedSchema>();

/**
 * Reads a JSON Schema of any draft as clients write it: repairs what has an obvious meaning, leaves
 * out what has none, and never throws. Takes time in proportion to the schema's size, which
 * `measureSchema` bounds. The result is remembered as long as the schema is.
 */
export function repairSchema(schema: JsonObject): RepairedSchema {
  const repaired = remembered.get(schema) ?? repair(schema);
  remembered.set(schema, repaired);
  return repaired;
}

function repair(root: JsonObject): RepairedSchema {
  const references = new SchemaReferences(root);
  const targets = references.targets();
  const faults: SchemaFault[] = [];
  const names = new Map<unknown, string>([[root, '#']]);
  const waiting: { target: JsonObject; name: string; path: SchemaPath }[] = [];
  const defs: Record<string, unknown> = {};

  const toName = (target: JsonObject, path: SchemaPath): string => {
    const known = names.get(target);
    if (known !== undefined) return known;
    const name = `d${names.size}`;
    names.set(target, `#/$defs/${name}`);
    waiting.push({ target, name, path });
    return `#/$defs/${name}`;
  };
  const repairer: Repairer = {
    schema: (value, path) => {
      if (typeof value === 'boolean') return value;
      if (isPlainObject(value)) {
        // Written once, however often something refers to it.
        if (targets.has(value)) return { $ref: toName(value, path) };
        return readKeywords(value, path, repairer);
      }
      repairer.fault(path, 'expected a schema');
      return {};
    },
    reference: (reference, from, path) => {
      const target = references.find(reference, from);
      return isPlainObject(target) ? toName(target, path) : undefined;
    },
    fault: (path, reason) => {
      faults.push({ path, reason });
    },
  };

  const schema = readKeywords(root, [], repairer);
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    defs[next.name] = readKeywords(next.target, next.path, repairer);
  }
  const hasDefs = Object.keys(defs).length > 0;
  return { schema: hasDefs ? { ...schema, $defs: defs } : schema, faults };
}
