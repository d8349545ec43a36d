const TYPES: ReadonlySet<string> = new Set([
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
  'null',
]);

/** Names of other languages and dialects. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['str', 'string'],
  ['text', 'string'],
  ['int', 'integer'],
  ['float', 'number'],
  ['double', 'number'],
  ['bool', 'boolean'],
  ['dict', 'object'],
  ['list', 'array'],
  ['tuple', 'array'],
  ['none', 'null'],
]);

/** Names that allow every value. */
const ANY: ReadonlySet<string> = new Set(['any', 'unknown', 'mixed', 'type_unspecified']);

/** What a schema's `type` says: one or several types, any, or nothing that is known. */
export type ReadType = readonly string[] | 'any' | 'unknown';

/** Reads `type` as clients write it: in upper case (Gemini), in the words of Python, or as a list. */
export function readType(type: unknown): ReadType {
  const names = Array.isArray(type) ? type : [type];
  const read: string[] = [];
  for (const name of names) {
    if (typeof name !== 'string') return 'unknown';
    const lower = name.toLowerCase();
    if (ANY.has(lower)) return 'any';
    const known = TYPES.has(lower) ? lower : OTHER_NAMES.get(lower);
    if (known === undefined) return 'unknown';
    if (!read.includes(known)) read.push(known);
  }
  return read.length > 0 ? read : 'any';
}
