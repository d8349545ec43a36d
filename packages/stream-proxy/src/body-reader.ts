import { type Transform } from 'node:stream';

import { createContentDecoder } from '@aistudio/wire';

/** Who gets a body without its content encoding. */
export interface BodySink {
  bytes(bytes: Buffer): void;
  /** No more comes: the body ended or broke off. */
  end(): void;
  /** The encoding cannot be undone, from here on at least. */
  unreadable(reason: string): void;
}

/**
 * Undoes the content encoding of a body that passes by piece by piece. It never holds the caller
 * up: compressed pieces come out a moment later, in order.
 */
export class BodyReader {
  readonly #sink: BodySink;
  readonly #decoder: Transform | undefined;
  #isOver = false;

  constructor(contentEncoding: string | undefined, sink: BodySink) {
    this.#sink = sink;
    const decoder = createContentDecoder(contentEncoding);
    if (decoder === 'unknown') this.#fail(`content encoding ${String(contentEncoding)}`);
    if (typeof decoder === 'string') return;
    this.#decoder = decoder;
    decoder.on('data', (bytes: Buffer) => {
      if (!this.#isOver) sink.bytes(bytes);
    });
    decoder.on('error', (error) => this.#fail(error.message));
    decoder.on('end', () => this.#finish());
  }

  push(bytes: Buffer): void {
    if (this.#isOver) return;
    if (this.#decoder) this.#decoder.write(bytes);
    else this.#sink.bytes(bytes);
  }

  end(): void {
    if (this.#decoder) this.#decoder.end();
    else this.#finish();
  }

  /** Nobody wants the rest. */
  drop(): void {
    this.#isOver = true;
    this.#decoder?.destroy();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#sink.end();
  }

  #fail(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#sink.unreadable(reason);
  }
}
