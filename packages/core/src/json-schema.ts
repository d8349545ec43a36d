import { createContext, Script } from 'node:vm';

import { Ajv, type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** A JSON Schema as a client wrote it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Says in one sentence what of a value does not fit a schema; undefined = it fits. */
export type SchemaCheck = (value: unknown) => string | undefined;

/** Clients' schemas come with keywords and formats of their own, which say nothing to us (W-04). */
const LENIENT: Options = {
  strict: false,
  validateFormats: false,
  unicodeRegExp: false,
  logger: false,
};
/** Which dialect a schema is written in is rarely said: the newer one is tried first. */
const DIALECTS = [Ajv2020, Ajv].map((Dialect) => ({ Dialect, grammar: new Dialect(LENIENT) }));

/** Of the dialect and the document, not of what fits: they would name things outside of it. */
const ABOUT_ITSELF: ReadonlySet<string> = new Set(['$schema', '$id', 'id', '$async']);

/** Agents send the same schemas with every request; compiling one takes milliseconds. */
const MAX_REMEMBERED = 500;
const remembered = new Map<string, SchemaCheck>();

/**
 * Compiles a JSON Schema, of draft 2020-12 or 7. Throws an Error that says what is wrong with a
 * schema that nothing can be checked against.
 */
export function compileSchema(schema: JsonSchema): SchemaCheck {
  const text = JSON.stringify(schema);
  const known = remembered.get(text);
  if (known) remembered.delete(text); // to come last again
  const check = known ?? compile(schema);
  remembered.set(text, check);
  const [oldest] = remembered.keys();
  if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return check;
}

function compile(schema: JsonSchema): SchemaCheck {
  const own = Object.entries(schema).filter(([keyword]) => !ABOUT_ITSELF.has(keyword));
  const bare = Object.fromEntries(own);
  const faults: string[] = [];
  for (const { Dialect, grammar } of DIALECTS) {
    if (grammar.validateSchema(bare) !== true) {
      faults.push(grammar.errorsText(grammar.errors, { dataVar: 'schema' }));
      continue;
    }
    try {
      // An instance of its own: ids inside one schema must not meet those of another.
      const ajv = new Dialect({ ...LENIENT, meta: false, validateSchema: false });
      const validate = ajv.compile(bare);
      return (value) =>
        inTime(() => validate(value))
          ? undefined
          : ajv.errorsText(validate.errors, { dataVar: 'value' });
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(faults[0]);
}

/** Longest time for one check, ms; an ordinary one takes less than one. */
const MAX_MS = 500;
const script = new Script('check()');
const context = createContext({ check: undefined });

/** A client's pattern may take forever with the wrong text: a check that takes too long says yes. */
function inTime(check: () => boolean): boolean {
  context['check'] = check;
  try {
    return script.runInContext(context, { timeout: MAX_MS }) === true;
  } catch {
    return true;
  }
}
