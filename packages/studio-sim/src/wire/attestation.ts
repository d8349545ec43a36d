import { at, listAt, stringAt } from './message.ts';

/**
 * The string the simulated page puts at index 4 of a request: opaque to everyone between, bound to
 * what it attests. It imitates nothing real but what is covered: for every part of every content its
 * text, inline data or Drive id, joined by blanks, and nothing else (wire-format.md §4, §12). Parts
 * changed on the way are refused; model, system instruction, settings and tools are not attested.
 */
export async function attest(contents: unknown): Promise<string> {
  return attestText(
    listAt(contents)
      .flatMap((content) => listAt(content, 0).map(attested))
      .join(' '),
  );
}

/** The same for a text that is attested as it is, such as the id of an interaction. */
export async function attestText(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `!${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}

function attested(part: unknown): string {
  const file = at(part, 5);
  return stringAt(part, 1) ?? stringAt(part, 2, 1) ?? stringAt(file, 0) ?? '';
}
