/** More than any prompt or model list needs. Bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** A bounded copy of a body that passes by. */
export class BodyCopy {
  #pieces: Buffer[] = [];
  #length = 0;

  push(bytes: Buffer): void {
    this.#length += bytes.length;
    if (this.#length > MAX_BYTES) this.#pieces = [];
    else this.#pieces.push(bytes);
  }

  /** The body so far, given away; undefined when it is too large to be kept. */
  take(): Buffer | undefined {
    const body = this.#length > MAX_BYTES ? undefined : Buffer.concat(this.#pieces);
    this.#pieces = [];
    return body;
  }
}
