import { createContext, Script } from 'node:vm';

import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';

import { isPlainObject, type JsonObject } from './json-object.ts';
import { toCheckablePattern } from './schema-pattern.ts';
import { repairSchema, type SchemaFault } from './schema-repair.ts';

/** A JSON Schema as a client wrote it. */
export type JsonSchema = JsonObject;

/** Says in one sentence what of a value does not fit a schema; undefined = it fits. */
export type SchemaCheck = (value: unknown) => string | undefined;

const remembered = new WeakMap<JsonSchema, SchemaCheck>();

/**
 * A check against a JSON Schema of any draft. What the schema says in a way that nobody can check is
 * not checked. Remembered as long as the schema is; nothing of it is compiled to code.
 */
export function compileSchema(schema: JsonSchema): SchemaCheck {
  const check = remembered.get(schema) ?? compile(schema);
  remembered.set(schema, check);
  return check;
}

/** The first thing in a schema that cannot be used; undefined when there is none. */
export function findSchemaFault(schema: JsonSchema): SchemaFault | undefined {
  return repairSchema(schema).faults[0];
}

function compile(schema: JsonSchema): SchemaCheck {
  const validator = new Validator(toCheckable(repairSchema(schema).schema), '2020-12');
  return (value) => {
    const result = inTime(() => validator.validate(value));
    return result && !result.valid ? toSentence(result.errors) : undefined;
  };
}

/** The innermost failure is the one that says most. */
function toSentence(errors: readonly OutputUnit[]): string {
  const last = errors.at(-1);
  const place = `value${last?.instanceLocation.replace(/^#/, '') ?? ''}`;
  return `${place}: ${last?.error.replace(/\.$/, '') ?? 'does not fit'}`;
}

/** Keywords for people, and formats, which clients make up themselves (W-04). */
const UNCHECKED: ReadonlySet<string> = new Set([
  'title',
  'description',
  'format',
  'nullable',
  'default',
  'examples',
  'contentEncoding',
  'contentMediaType',
]);
const MAPS: ReadonlySet<string> = new Set(['properties', '$defs', 'dependentSchemas']);
const DATA: ReadonlySet<string> = new Set(['enum', 'const', 'required', 'dependentRequired']);

/** A repaired schema as the validator takes it, of whose objects it makes its own. */
function toCheckable(schema: JsonObject): Schema {
  const output: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (UNCHECKED.has(keyword)) continue;
    if (keyword === 'pattern' && typeof value === 'string') {
      const pattern = toCheckablePattern(value);
      if (pattern !== undefined) output['pattern'] = pattern;
    } else if (keyword === 'patternProperties') addPatterns(output, value);
    else if (DATA.has(keyword)) output[keyword] = value;
    else if (MAPS.has(keyword) && isPlainObject(value)) {
      output[keyword] = Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, toInner(inner)]),
      );
    } else if (Array.isArray(value)) output[keyword] = value.map(toInner);
    else output[keyword] = toInner(value);
  }
  if (schema['patternProperties'] !== undefined && output['patternProperties'] === undefined) {
    // Which names the others are cannot be known.
    delete output['additionalProperties'];
    delete output['unevaluatedProperties'];
  }
  if (schema['nullable'] !== true) return output;
  const { $defs, ...rest } = output;
  return { anyOf: [rest, { type: 'null' }], ...($defs === undefined ? {} : { $defs }) };
}

const toInner = (value: unknown): unknown => (isPlainObject(value) ? toCheckable(value) : value);

/** All of them, or none: one that cannot be checked decides about the others' names. */
function addPatterns(output: Record<string, unknown>, map: unknown): void {
  if (!isPlainObject(map)) return;
  const entries = Object.entries(map).map(
    ([pattern, inner]) => [toCheckablePattern(pattern), toInner(inner)] as const,
  );
  if (entries.some(([pattern]) => pattern === undefined)) return;
  output['patternProperties'] = Object.fromEntries(entries);
}

/** Longest time for one check, ms; an ordinary one takes less than one. */
const MAX_MS = 50;
/** How often a check is tried that was waiting for the processor most of its time. */
const TRIES = 3;
const script = new Script('check()');
const context = createContext({ check: undefined });

/** A client's schema may take forever with the wrong text: a check that takes too long has no result. */
function inTime<T>(check: () => T): T | undefined {
  let result: T | undefined;
  context['check'] = (): void => {
    result = check();
  };
  try {
    for (let left = TRIES; left > 0; left--) {
      const before = process.cpuUsage();
      try {
        script.runInContext(context, { timeout: MAX_MS });
        return result;
      } catch {
        const { user, system } = process.cpuUsage(before);
        if ((user + system) / 1000 > MAX_MS / 2) return undefined;
      }
    }
    return undefined;
  } finally {
    context['check'] = undefined;
  }
}
