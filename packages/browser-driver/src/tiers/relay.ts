import { isContent, type JobEvent, StudioError } from '@aistudio/core';

/** What the client has of an answer. */
export interface SentAnswer {
  readonly text: string;
  readonly hasReasoning: boolean;
}

/**
 * Remembers what the client has of an answer, so that a tier that takes over, and tells the answer
 * from its beginning, adds only what is new.
 */
export class Relay {
  #sentText = '';
  #sentReasoning = '';
  /** Content that is not running text, by what it says, in order, for each type: no tier tells all types. */
  readonly #sentItems = new Map<string, string[]>();
  /** How much of the sent content the present tier has repeated so far. */
  #textAt = 0;
  #reasoningAt = 0;
  readonly #itemsAt = new Map<string, number>();

  /** Whether the client has content, after which nothing may start again. */
  get hasSent(): boolean {
    return this.#sentText !== '' || this.#sentReasoning !== '' || this.#sentItems.size > 0;
  }

  /** What the client has, for a tier that cannot tell all of it as exactly as it was sent. */
  get sent(): SentAnswer {
    return { text: this.#sentText, hasReasoning: this.#sentReasoning !== '' };
  }

  /** Another tier begins to tell the answer from its beginning. */
  rewind(): void {
    this.#textAt = 0;
    this.#reasoningAt = 0;
    this.#itemsAt.clear();
  }

  /**
   * The part of an event that the client does not have. Throws `upstream_interrupted` when the
   * answer differs from what was sent: joining two different answers is worse than none.
   */
  *unsent(event: JobEvent): Generator<JobEvent> {
    if (event.type === 'text') {
      const text = unsentPart(this.#sentText, this.#textAt, event.text);
      this.#textAt += event.text.length;
      this.#sentText += text;
      if (text !== '') yield { ...event, text };
    } else if (event.type === 'reasoning') {
      const text = unsentPart(this.#sentReasoning, this.#reasoningAt, event.text);
      this.#reasoningAt += event.text.length;
      this.#sentReasoning += text;
      if (text !== '') yield { ...event, text };
    } else if (isContent(event)) {
      const item = identityOf(event);
      const items = this.#sentItems.get(event.type) ?? [];
      const at = this.#itemsAt.get(event.type) ?? 0;
      this.#itemsAt.set(event.type, at + 1);
      const sent = items[at];
      if (sent === undefined) {
        this.#sentItems.set(event.type, [...items, item]);
        yield event;
      } else if (sent !== item) throw differs();
    } else yield event;
  }
}

/** `piece` starts at `at`; gives what of it lies behind the end of `sent`. */
function unsentPart(sent: string, at: number, piece: string): string {
  const known = sent.slice(at, at + piece.length);
  if (!piece.startsWith(known)) throw differs();
  return piece.slice(known.length);
}

/** What an item says. A call's id and signature are not always known, nor the same in every telling. */
function identityOf(event: JobEvent): string {
  return event.type === 'tool_call'
    ? JSON.stringify([event.type, event.index, event.name, event.arguments])
    : JSON.stringify(event);
}

const differs = (): StudioError =>
  new StudioError(
    'upstream_interrupted',
    'The answer broke off and could not be continued. Send the request again.',
  );
