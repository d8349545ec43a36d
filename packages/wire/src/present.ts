/** A copy of an object without its undefined fields, as `exactOptionalPropertyTypes` wants it. */
export function present<T extends object>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same keys and values, fewer
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
