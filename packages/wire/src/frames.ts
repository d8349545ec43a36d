/** A frame larger than this ends the reading: no image or answer comes near it. Bytes. */
const MAX_ELEMENT_BYTES = 64 * 1024 * 1024;
/** The buffer shrinks back to this after a large frame. Bytes. */
const IDLE_BUFFER_BYTES = 64 * 1024;

/** What a byte outside strings means for the structure. */
const OTHER = 0;
const SPACE = 1;
const QUOTE = 2;
const COMMA = 3;
const OPEN = 4;
const CLOSE = 5;
const KINDS = new Uint8Array(256);
for (const [kind, characters] of [
  [SPACE, ' \t\r\n'],
  [QUOTE, '"'],
  [COMMA, ','],
  [OPEN, '[{'],
  [CLOSE, ']}'],
] as const) {
  for (const byte of Buffer.from(characters)) KINDS[byte] = kind;
}
const OPEN_BRACKET = 0x5b;
const QUOTE_BYTE = 0x22;
const BACKSLASH = 0x5c;

/** `)]}'` and a byte order mark may stand before the array. */
const BEFORE_ARRAY: ReadonlySet<number | undefined> = new Set(Buffer.from("\uFEFF)]}' \t\r\n"));
const NULL = Buffer.from('null');

/** How to read an array. */
export interface ScannerOptions {
  /**
   * How many arrays enclose an element: 2 for the messages of a stream, which are the elements of
   * the root's first element; 0 when the root itself is the one element.
   */
  readonly depth?: 0 | 2;
  /** bytes */
  readonly maxElementBytes?: number;
}

/**
 * Reads a growing JSON array, given as bytes cut anywhere, and gives each element as soon as its
 * last byte is there (wire-format.md §5.1, §5.8). It looks at every byte once and keeps only the
 * element under way. It knows strings, so text may hold any bracket or comma; it works on bytes, so
 * a cut inside a character or an escape is nothing special; gaps (`[,1]`) become null.
 */
export class FrameScanner {
  /** True once the root array is closed; anything but space behind it is a `failure`. */
  closed = false;
  /** The root's second element once it is complete: how the call ended (wire-format.md §5.1). */
  status: unknown;
  /** Why nothing more can be read. */
  failure: string | undefined;
  /** Elements that were not JSON, skipped. */
  malformed = 0;
  /** How many elements of the last `push` came before the first that was skipped. */
  sound = 0;

  readonly #elementDepth: number;
  readonly #maxElementBytes: number;
  #depth = 0;
  #rootIndex = 0;
  #inString = false;
  #escaped = false;
  /** True where a value must follow: after an opening bracket or a comma. */
  #wantsValue = true;
  #lastIsComma = false;
  #collecting = false;
  /** How many arrays enclose what is collected. */
  #collectingDepth = 0;
  #buffer = Buffer.allocUnsafe(IDLE_BUFFER_BYTES);
  #length = 0;

  constructor({ depth = 2, maxElementBytes = MAX_ELEMENT_BYTES }: ScannerOptions = {}) {
    this.#elementDepth = depth;
    this.#maxElementBytes = maxElementBytes;
  }

  /** Takes the next bytes; gives the elements they complete, parsed. Never throws. */
  push(bytes: Uint8Array): unknown[] {
    const elements: unknown[] = [];
    this.sound = Number.POSITIVE_INFINITY;
    let from = 0; // what lies before is in the buffer already, or of no interest
    let at = 0;
    for (; at < bytes.length && !this.closed && this.failure === undefined; at += 1) {
      if (this.#inString) {
        at = this.#skipString(bytes, at);
        continue;
      }
      const byte = bytes[at] ?? 0;
      const kind = KINDS[byte];
      if (kind === SPACE || (kind === OTHER && !this.#wantsValue)) continue;
      if (this.#depth === 0 && byte !== OPEN_BRACKET) {
        if (!BEFORE_ARRAY.has(byte)) this.failure = 'the body is not an array';
        continue;
      }
      if (kind === COMMA || kind === CLOSE) {
        if (this.#wantsValue && (kind === COMMA || this.#lastIsComma)) {
          this.#append(bytes, from, at);
          this.#append(NULL, 0, NULL.length);
          from = at;
        }
        // a string, a number or null: only what follows ends it
        if (this.#depth === this.#collectingDepth) this.#complete(bytes, from, at, elements);
      }
      if (kind === COMMA) {
        this.#wantsValue = true;
        this.#lastIsComma = true;
        if (this.#depth === 1) this.#rootIndex += 1;
      } else if (kind === CLOSE) {
        this.#wantsValue = false;
        this.#depth -= 1;
        if (this.#depth === this.#collectingDepth) this.#complete(bytes, from, at + 1, elements);
        this.closed = this.#depth === 0;
      } else {
        if (!this.#collecting && this.#wantsValue && this.#isElementPlace()) {
          this.#collecting = true;
          this.#collectingDepth = this.#depth;
          from = at;
        }
        this.#inString = kind === QUOTE;
        this.#wantsValue = kind === OPEN;
        if (kind === OPEN) {
          this.#lastIsComma = false;
          this.#depth += 1;
        }
      }
    }
    this.#append(bytes, from, bytes.length);
    if (this.closed && this.failure === undefined) this.#requireEnd(bytes, at);
    return elements;
  }

  /** An element of the list of frames, the status behind that list, or the root itself. */
  #isElementPlace(): boolean {
    if (this.#elementDepth === 0) return this.#depth === 0;
    return this.#rootIndex === 0 ? this.#depth === 2 : this.#rootIndex === 1 && this.#depth === 1;
  }

  /** Takes what is behind the root array. */
  #requireEnd(bytes: Uint8Array, from: number): void {
    for (let at = from; at < bytes.length; at += 1) {
      if (KINDS[bytes[at] ?? 0] !== SPACE) this.failure = 'there is more behind its end';
    }
  }

  /** Goes on inside a string; gives the index of its closing quote, or of the last byte. */
  #skipString(bytes: Uint8Array, start: number): number {
    let escaped = this.#escaped;
    let at = start;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE_BYTE) {
        this.#inString = false;
        break;
      }
    }
    this.#escaped = escaped;
    return at;
  }

  #append(bytes: Uint8Array, from: number, to: number): void {
    if (!this.#collecting || to <= from || this.failure !== undefined) return;
    const needed = this.#length + to - from;
    if (needed > this.#maxElementBytes) {
      this.failure = `a frame is larger than ${this.#maxElementBytes} bytes`;
      this.#release();
      return;
    }
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes.subarray(from, to), this.#length);
    this.#length = needed;
  }

  #complete(bytes: Uint8Array, from: number, to: number, elements: unknown[]): void {
    if (!this.#collecting) return;
    this.#append(bytes, from, to);
    if (this.failure !== undefined) return;
    const text = this.#buffer.toString('utf8', 0, this.#length);
    this.#release();
    try {
      const element: unknown = JSON.parse(text);
      if (this.#elementDepth === 2 && this.#collectingDepth === 1) this.status = element;
      else elements.push(element);
    } catch {
      this.malformed += 1;
      this.sound = Math.min(this.sound, elements.length);
    }
  }

  #release(): void {
    this.#collecting = false;
    this.#length = 0;
    if (this.#buffer.length > 16 * IDLE_BUFFER_BYTES) {
      this.#buffer = Buffer.allocUnsafe(IDLE_BUFFER_BYTES);
    }
  }
}

/**
 * Parses one whole array with the same tolerance: gaps, a `)]}'` prefix. Undefined when the bytes
 * are not one complete array.
 */
export function parseArray(bytes: Uint8Array): unknown[] | undefined {
  const scanner = new FrameScanner({ depth: 0, maxElementBytes: Number.POSITIVE_INFINITY });
  const [root] = scanner.push(bytes);
  return Array.isArray(root) ? root : undefined;
}
