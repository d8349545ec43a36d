import { at } from './message.ts';

/** What a JSON document can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/**
 * A Struct as the object it stands for (wire-format.md §4.3): `[]` when empty, else
 * `[[[key, Value], …]]`; entries without the wrapper are understood too.
 */
export function toObject(struct: unknown): { [key: string]: Json } {
  const first = at(struct, 0);
  const entries = isList(first) && typeof first[0] !== 'string' ? first : struct;
  if (!isList(entries)) return {};
  return Object.fromEntries(
    entries.flatMap((entry) =>
      isList(entry) && typeof entry[0] === 'string' ? [[entry[0], toJson(entry[1])]] : [],
    ),
  );
}

/** A Value: what it is follows from the position of its one element, never from its length. */
function toJson(value: unknown): Json {
  if (!isList(value)) return null;
  const kind = value.findIndex((item) => item !== null && item !== undefined);
  const content = value[kind];
  switch (kind) {
    case 0:
      return value.length === 1 && isList(content) ? toJson(content) : null; // seen wrapped in lists
    case 1:
      return typeof content === 'number' ? content : null;
    case 2:
      return typeof content === 'string' ? content : null;
    case 3:
      return content === 1 || content === true;
    case 4:
      return toObject(content);
    case 5:
      return toList(content);
    default:
      return null;
  }
}

/** A list comes with a wrapper (its list message) or, in older captures, without. */
function toList(content: unknown): Json[] {
  if (!isList(content)) return [];
  const [only] = content;
  const isWrapped = content.length === 1 && isList(only) && only.every(isList);
  return (isWrapped ? only : content).map(toJson);
}
