/** How a slot gets back on its feet, from the gentlest: each rung with its limit, ms. */
const LADDER = [
  { rung: 'new chat', limitMs: 12_000 },
  { rung: 'reload', limitMs: 30_000 },
  { rung: 'new context', limitMs: 45_000 },
  { rung: 'new browser', limitMs: 60_000 },
] as const;
export type Rung = (typeof LADDER)[number]['rung'];

/** How long one attempt at a rung may take, ms. */
export const limitOf = (rung: Rung): number =>
  LADDER.find((step) => step.rung === rung)?.limitMs ?? 0;

/** The rung after this one; the last is its own. */
export function above(rung: Rung): Rung {
  const index = LADDER.findIndex((step) => step.rung === rung);
  return LADDER[index + 1]?.rung ?? 'new browser';
}

/**
 * What a page does after each of several refusals (403) in a row. Unproven: one source saw every
 * prompt refused that was sent just after a load, and none in a new chat on a page left open
 * (page.md §9), so the page stays open first and is loaded anew last.
 */
const AFTER_REFUSALS: readonly Rung[] = ['new chat', 'reload', 'new context'];

/** A page that was loaded longer ago than this takes a prompt before others do (unproven), ms. */
const WARM_MS = 10_000;

/** Whether a page has been open for long enough to be sent from with confidence. */
export const isWarm = (loadedAt: number, now: number): boolean => now - loadedAt > WARM_MS;

/** How many refusals in a row, around the stream proxy too, say that it is not to blame. */
const BLAMELESS_AFTER = 3;

/** What a slot remembers of AI Studio's refusals, and what it does about them. */
export class Refusals {
  #inARow = 0;
  #goesAround = false;

  /**
   * Whether pages go around the stream proxy although it is up: a service that tells one transport
   * from another refuses all that goes through it.
   */
  get goesAround(): boolean {
    return this.#goesAround;
  }

  /** AI Studio took a prompt: what was tried has helped, and stays. */
  accepted(): void {
    this.#inARow = 0;
  }

  /** The stream proxy has been away: the next one is another. */
  forgetProxy(): void {
    this.#goesAround = false;
  }

  /** AI Studio refused a prompt from a page that went this way; gives the rung to begin with. */
  refused(isProxied: boolean): Rung {
    this.#inARow++;
    if (isProxied) {
      this.#inARow = 1;
      this.#goesAround = true;
      return 'new context';
    }
    if (this.#goesAround && this.#inARow >= BLAMELESS_AFTER) {
      this.#inARow = 0;
      this.#goesAround = false;
      return 'new context';
    }
    const step = this.#goesAround ? this.#inARow - 2 : this.#inARow - 1;
    return AFTER_REFUSALS[Math.max(0, step)] ?? 'new context';
  }
}
