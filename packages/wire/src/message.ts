/**
 * Reading messages that are written as arrays, position = field number − 1 (wire-format.md §0).
 * Whatever is missing or of another type reads as undefined: the service may change any of it.
 */

/** The value at a path of positions. */
export function at(message: unknown, ...path: readonly number[]): unknown {
  let value = message;
  for (const position of path) {
    if (!Array.isArray(value)) return undefined;
    value = value[position];
  }
  return value ?? undefined;
}

/** The list at a path; empty where there is none. */
export function listAt(message: unknown, ...path: readonly number[]): readonly unknown[] {
  const value = at(message, ...path);
  return Array.isArray(value) ? value : [];
}

/** The string at a path. */
export function textAt(message: unknown, ...path: readonly number[]): string | undefined {
  const value = at(message, ...path);
  return typeof value === 'string' ? value : undefined;
}

/** The number at a path. */
export function numberAt(message: unknown, ...path: readonly number[]): number | undefined {
  const value = at(message, ...path);
  return typeof value === 'number' ? value : undefined;
}

/** The whole number at a path. */
export function integerAt(message: unknown, ...path: readonly number[]): number | undefined {
  const value = numberAt(message, ...path);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The strings of the list at a path; others are left out. */
export function textsAt(message: unknown, ...path: readonly number[]): string[] {
  return listAt(message, ...path).filter((item) => typeof item === 'string');
}

/** The whole numbers of the list at a path; others are left out. */
export function integersAt(message: unknown, ...path: readonly number[]): number[] {
  const list = listAt(message, ...path);
  return list.flatMap((_item, position) => integerAt(list, position) ?? []);
}

/** Every string in a value, however deep, in order: for messages whose positions are not known. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.flatMap(stringsIn) : [];
}
