/** The keys of an object whose type lists them all. */
export function keysOf<K extends string>(object: Readonly<Record<K, unknown>>): K[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets their type
  return Object.keys(object) as K[];
}

/** The object with every value replaced. */
export function mapValues<K extends string, V, W>(
  object: Readonly<Record<K, V>>,
  change: (value: V, key: K) => W,
): Record<K, W> {
  const entries = keysOf(object).map((key) => [key, change(object[key], key)] as const);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.fromEntries forgets the keys' type
  return Object.fromEntries(entries) as Record<K, W>;
}
