/** For how long a failure that another page did not help against is remembered, ms. */
const KNOWN_MS = 300_000;

/**
 * What a page lacked, and lacked again when it had just been loaded anew: the page has changed, and a
 * further prompt need not be tried twice to learn that.
 */
export class KnownFailures {
  readonly #seenAt = new Map<string, number>();

  add(message: string): void {
    this.#seenAt.set(message, Date.now());
  }

  has(message: string): boolean {
    const seenAt = this.#seenAt.get(message);
    if (seenAt === undefined) return false;
    if (Date.now() - seenAt < KNOWN_MS) return true;
    this.#seenAt.delete(message);
    return false;
  }

  /** For when it is known how to find more on the page than before. */
  clear(): void {
    this.#seenAt.clear();
  }
}
