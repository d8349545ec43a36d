import { type AnswerEvent } from './answer-event.ts';
import { stringsIn } from './message.ts';
import { type Json, toObject } from './struct.ts';

/** A function's name as the API allows it. */
const NAME = /^[A-Za-z_][\w.:-]{0,127}$/;

/**
 * A call of an interaction while it comes (wire-format.md §5.12): a message that describes it, then
 * its arguments in pieces of JSON text. Where in the message its name and id stand is not known, so
 * the name is found by the names that the request declared.
 */
export class CallDraft {
  signature: string | undefined;
  readonly #functionNames: readonly string[] | undefined;
  #name: string | undefined;
  #id: string | undefined;
  #pieces = '';
  #args: { [key: string]: Json } = {};

  /** Without `functionNames` any name will do: it is not known what was declared. */
  constructor(message: unknown, functionNames: readonly string[] | undefined) {
    this.#functionNames = functionNames;
    this.describe(message);
  }

  /** Takes a message that describes the call. */
  describe(message: unknown): void {
    const name = stringsIn(message).find((text) => this.#isName(text));
    if (name === undefined) return;
    this.#name = name;
    const holder = holderOf(message, name) ?? [];
    const beside = holder.filter((item) => typeof item === 'string' && item !== name);
    const above = Array.isArray(message) ? message.filter((item) => typeof item === 'string') : [];
    for (const text of [...beside, ...above]) {
      if (typeof text !== 'string' || text === '' || text === name) continue;
      if (parseObject(text)) this.#pieces ||= text;
      else this.#id ??= text;
    }
    const struct = holder.find(
      (item) => Array.isArray(item) && Object.keys(toObject(item)).length > 0,
    );
    this.#args = toObject(struct);
  }

  /** Takes the next piece of the arguments' JSON text. */
  addArguments(piece: string): void {
    this.#pieces += piece;
  }

  /**
   * The whole call; nothing for a tool of the service's own. `unnamed`: it has arguments and may be
   * one of the declared functions, but no name of theirs is in it.
   */
  toEvents(): AnswerEvent[] | 'malformed' | 'unnamed' {
    const name = this.#name;
    if (name === undefined) {
      const mayBeDeclared = this.#functionNames?.length !== 0 && this.#pieces.trim() !== '';
      return mayBeDeclared ? 'unnamed' : [];
    }
    const args = this.#pieces.trim() === '' ? this.#args : parseObject(this.#pieces);
    if (!args) return 'malformed';
    const { signature: value } = this;
    return [
      { type: 'call', name, args, ...(this.#id === undefined ? {} : { id: this.#id }) },
      ...(value === undefined ? [] : [{ type: 'signature', on: 'part', value } as const]),
    ];
  }

  #isName(text: string): boolean {
    return this.#functionNames ? this.#functionNames.includes(text) : NAME.test(text);
  }
}

/** The array that has this string as an element. */
function holderOf(message: unknown, text: string): readonly unknown[] | undefined {
  if (!Array.isArray(message)) return undefined;
  if (message.includes(text)) return message;
  for (const item of message) {
    const holder = holderOf(item, text);
    if (holder) return holder;
  }
  return undefined;
}

function parseObject(text: string): { [key: string]: Json } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse makes nothing else
    return value as { [key: string]: Json };
  } catch {
    return undefined;
  }
}
