/**
 * The string the simulated page puts at index 4 of a GenerateContent request: opaque to everyone
 * between, bound to what it asks. It imitates nothing real; it makes the one property testable that
 * matters: contents or system instruction changed on the way are refused (wire-format.md §4, §12).
 */
export async function attest(contents: unknown, system: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([contents, system ?? null]));
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return `!${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}
