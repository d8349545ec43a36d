import { unsureLength } from '../tiers/stop-sequences.ts';
import { closingOf, openingOf, readAttributes } from './tagged-block.ts';

/** What a text is made of. */
export type Piece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'call'; readonly name: string; readonly body: string };

/** An opening that goes on longer than this without its end is a text about such tags. */
const MAX_ATTRIBUTES = 1000;

/**
 * Finds the calls in a text that comes in pieces cut anywhere. What is no call is given back as it
 * came, but for white space alone beside a call; no more of it is held back than may begin a call.
 */
export class CallParser {
  readonly #opening: string;
  readonly #closing: string;
  /** What was not given back yet: of the text, or of the body of the call that is open. */
  #held = '';
  /** Name of the function whose call is open. */
  #name: string | undefined;
  /** White space since the last call, or since the beginning; undefined: other text followed. */
  #blank: string | undefined = '';
  #hasCalls = false;

  /** `code`: what the tags of a call carry. */
  constructor(code: string) {
    this.#opening = openingOf('call', code);
    this.#closing = closingOf('call', code);
  }

  /** Takes the next piece of the text. */
  *push(text: string): Generator<Piece> {
    // The closing tag may have begun in what was already looked through.
    let from = Math.max(0, this.#held.length - this.#closing.length);
    this.#held += text;
    for (;;) {
      if (this.#name === undefined) {
        yield* this.#readText();
        if (this.#name === undefined) return;
        from = 0;
      }
      const end = this.#held.indexOf(this.#closing, from);
      if (end === -1) return;
      const call: Piece = {
        type: 'call',
        name: this.#name,
        body: this.#held.slice(0, end).trim(),
      };
      this.#held = this.#held.slice(end + this.#closing.length);
      this.#name = undefined;
      this.#blank = '';
      this.#hasCalls = true;
      yield call;
    }
  }

  /** Whether a call has begun that is not closed yet. */
  get isOpen(): boolean {
    return this.#name !== undefined;
  }

  /** The text is over: gives back what was held, but for a call that was not closed. */
  *end(): Generator<Piece> {
    if (this.isOpen) return;
    yield* this.#take(this.#held.length);
    if (this.#blank && !this.#hasCalls) yield { type: 'text', text: this.#blank };
    this.#blank = undefined;
  }

  /** Gives the text up to the next call, which is then open, or to what may become one. */
  *#readText(): Generator<Piece> {
    for (;;) {
      const at = this.#held.indexOf(this.#opening);
      if (at === -1) {
        yield* this.#take(this.#held.length - unsureLength(this.#held, [this.#opening]));
        return;
      }
      yield* this.#take(at);
      const rest = this.#held.slice(this.#opening.length);
      const tag = readAttributes(rest);
      const name = tag?.said['tool'];
      if (tag && name !== undefined) {
        this.#held = rest.slice(tag.length);
        this.#name = name;
        return;
      }
      if (!/[<>\n]/.test(rest) && rest.length < MAX_ATTRIBUTES) return;
      yield* this.#take(this.#opening.length);
    }
  }

  *#take(length: number): Generator<Piece> {
    const text = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    yield* this.#toText(text);
  }

  *#toText(text: string): Generator<Piece> {
    if (this.#blank === undefined) {
      if (text !== '') yield { type: 'text', text };
      return;
    }
    const all = this.#blank + text;
    this.#blank = all.trim() === '' ? all : undefined;
    if (this.#blank === undefined) yield { type: 'text', text: all };
  }
}
