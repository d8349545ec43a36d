import { type DraftTurn } from '../../files/remote-file.ts';

/** How long a prompt counts as recent, ms: chat programs ask for more when its answer is there. */
const RECENT_MS = 120_000;
/** Longer prompts are not remembered, nor shorter ones, which stand in any text, characters. */
const MAX_LENGTH = 2000;
const MIN_LENGTH = 20;
/** Of how many keys, and how many of each. */
const MAX_KEYS = 1000;
const MAX_PER_KEY = 4;

/** The real prompts of each key that came a moment ago. Kept in memory alone. */
export class RecentPrompts {
  readonly #ofKey = new Map<string, { readonly at: number; readonly text: string }[]>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Notes what a person asked. */
  note(key: string, turns: readonly DraftTurn[]): void {
    const last = turns.findLast(({ role }) => role === 'user');
    const texts = (last?.parts ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : []));
    const text = texts.join('\n').trim();
    if (text.length < MIN_LENGTH || text.length > MAX_LENGTH) return;
    const kept = (this.#ofKey.get(key) ?? []).slice(1 - MAX_PER_KEY);
    this.#ofKey.delete(key); // to the end: the first is the one that was silent longest
    this.#ofKey.set(key, [...kept, { at: this.#now(), text }]);
    const [oldest] = this.#ofKey.keys();
    if (this.#ofKey.size > MAX_KEYS && oldest !== undefined) this.#ofKey.delete(oldest);
  }

  /** A key's recent prompts, each whole. */
  of(key: string): string[] {
    const since = this.#now() - RECENT_MS;
    return (this.#ofKey.get(key) ?? []).filter(({ at }) => at >= since).map(({ text }) => text);
  }
}
