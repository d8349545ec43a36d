/**
 * A protobuf message as this wire writes it: an array whose positions are field number − 1, with
 * null for a field that is not set and nothing after the last one that is (wire-format.md §0).
 */
export function message(fields: Readonly<Record<number, unknown>>): unknown[] {
  const array: unknown[] = [];
  for (const [position, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    while (array.length < Number(position)) array.push(null);
    array[Number(position)] = value;
  }
  return array;
}

/** Follows positions into nested arrays; undefined where the way ends early or a field is null. */
export function at(value: unknown, ...positions: number[]): unknown {
  let here = value;
  for (const position of positions) here = Array.isArray(here) ? here[position] : undefined;
  return here ?? undefined;
}

/** The array at these positions; empty where there is none. */
export function listAt(value: unknown, ...positions: number[]): readonly unknown[] {
  const found = at(value, ...positions);
  return Array.isArray(found) ? found : [];
}

/** The string at these positions, if there is one. */
export function stringAt(value: unknown, ...positions: number[]): string | undefined {
  const found = at(value, ...positions);
  return typeof found === 'string' ? found : undefined;
}

/** The number at these positions, if there is one. */
export function numberAt(value: unknown, ...positions: number[]): number | undefined {
  const found = at(value, ...positions);
  return typeof found === 'number' ? found : undefined;
}
