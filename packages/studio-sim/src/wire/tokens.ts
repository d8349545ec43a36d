/** The simulator's idea of a token: four characters, at least one for any text. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
