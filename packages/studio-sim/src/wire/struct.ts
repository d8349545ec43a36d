import { at, listAt } from './message.ts';

/** Any JSON value. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** How Struct values are written: captures disagree (wire-format.md §4.3). */
export interface StructStyle {
  /** Whether a list value wraps its elements once more. */
  readonly listWrapper: boolean;
  readonly nullValue: '[0]' | '[null]';
}

/** The form most captures show. */
export const PLAIN_STRUCT: StructStyle = { listWrapper: true, nullValue: '[0]' };

/**
 * Writes a JSON object as a Struct: `[]` when empty, else `[[[key, Value], …]]` (wire-format.md
 * §4.3).
 */
export function encodeStruct(object: JsonObject, style: StructStyle = PLAIN_STRUCT): unknown[] {
  const entries = Object.entries(object).map(([key, value]) => [key, encodeValue(value, style)]);
  return entries.length === 0 ? [] : [entries];
}

function encodeValue(value: Json, style: StructStyle): unknown[] {
  if (value === null) return style.nullValue === '[0]' ? [0] : [null];
  if (typeof value === 'number') return [null, value];
  if (typeof value === 'string') return [null, null, value];
  if (typeof value === 'boolean') return [null, null, null, value ? 1 : 0];
  if (!isList(value)) return [null, null, null, null, encodeStruct(value, style)];
  const elements = value.map((element) => encodeValue(element, style));
  const wrapped = style.listWrapper && elements.length > 0 ? [elements] : elements;
  return [null, null, null, null, null, wrapped];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Reads a Struct back into a JSON object, in the form `encodeStruct` writes by default. */
export function decodeStruct(struct: unknown): JsonObject {
  return Object.fromEntries(
    listAt(struct, 0).map((entry) => [String(at(entry, 0)), decodeValue(at(entry, 1))]),
  );
}

function decodeValue(value: unknown): Json {
  const fields = Array.isArray(value) ? value : [];
  const position = fields.findIndex((field) => field !== null);
  const field: unknown = fields[position];
  if (position === 1 && typeof field === 'number') return field;
  if (position === 2 && typeof field === 'string') return field;
  if (position === 3) return Boolean(field);
  if (position === 4) return decodeStruct(field);
  if (position === 5) return listAt(field, 0).map(decodeValue);
  return null;
}
