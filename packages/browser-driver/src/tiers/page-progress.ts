import { type AnswerUpdate } from '../page/answer-view.ts';

/** A page that is idle, or looks finished, and shows nothing new for this long has finished, ms. */
const IDLE_MS = 1000;

/** How far a page has come with its answer, as far as looking at it tells. */
export class PageProgress {
  readonly #now: () => number;
  #hasBegun = false;
  #changedAt: number;
  #overAt: number | undefined;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#changedAt = now();
  }

  /** Takes in a look at the page. `hasFailed`: it says that there is no more to come. */
  note({ changes, isGenerating, hasEndMark }: AnswerUpdate, hasFailed: boolean): void {
    if (changes.length > 0) this.#changedAt = this.#now();
    this.#hasBegun ||= isGenerating || hasEndMark || changes.length > 0;
    const isIdle = this.#hasBegun && !isGenerating;
    const isOver =
      hasFailed || (isIdle && hasEndMark) || ((isIdle || hasEndMark) && this.quietMs >= IDLE_MS);
    this.#overAt = isOver ? (this.#overAt ?? this.#now()) : undefined;
  }

  /** How long it has shown nothing new, ms. */
  get quietMs(): number {
    return this.#now() - this.#changedAt;
  }

  /** How long it has been at its end, ms; undefined while it is not. */
  get overMs(): number | undefined {
    return this.#overAt === undefined ? undefined : this.#now() - this.#overAt;
  }
}
