/** Decimal text becomes its number, as sloppy clients need it (openai-behaviours R-10). */
export const fromText = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))
    ? Number(value)
    : value;
