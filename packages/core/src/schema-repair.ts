import { isPlainObject, type JsonObject } from './json-object.ts';
import { readKeywords } from './schema-keywords.ts';
import { pathOf, type Repairer, type SchemaPlace } from './schema-place.ts';
import { SchemaReferences } from './schema-references.ts';

/** Something of a schema that cannot be used. */
export interface SchemaFault {
  /** Keys from the schema's root to the place. */
  readonly path: readonly (string | number)[];
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
  const waiting: { target: JsonObject; name: string; path: SchemaPlace | undefined }[] = [];
  const defs: Record<string, unknown> = {};

  const toName = (target: JsonObject, path: SchemaPlace | undefined): string => {
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
      faults.push({ path: pathOf(path), reason });
    },
  };

  const schema = readKeywords(root, undefined, repairer);
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    defs[next.name] = readKeywords(next.target, next.path, repairer);
  }
  const hasDefs = Object.keys(defs).length > 0;
  return { schema: hasDefs ? { ...schema, $defs: defs } : schema, faults };
}
