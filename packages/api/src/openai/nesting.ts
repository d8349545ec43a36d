/** JSON text nested deeper than this cannot be written back safely by a recursive serialiser. */
const MAX_DEPTH = 200;

/** True when no value inside `value` lies deeper than {@link MAX_DEPTH} levels. Does not recurse. */
export function isShallow(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? Object.values(item) : [],
    );
    if (level.length === 0) return true;
  }
  return false;
}
