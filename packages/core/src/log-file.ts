import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { type Logform } from 'winston';
import Transport from 'winston-transport';

/** A log file grows to this many bytes; so many older ones are kept beside it. */
const FILE_BYTES = 10 * 1024 * 1024;
const FILES_KEPT = 4;
/** Lines that cannot be written yet are kept up to this many bytes; beyond that they are counted. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** Where winston leaves the finished line. */
const MESSAGE = Symbol.for('message');
/** How soon a write that failed is tried again, ms. */
const RETRY_MS = 1000;

/**
 * Appends each line to a file, readable for its owner alone; its folder is made when missing. The newest lines are in the file of that
 * name; what came before them in `…1`, and so on. A full disk costs lines, whose number is logged once
 * there is room again, and never holds up the other transports.
 */
export class LogFile extends Transport {
  readonly #path: string;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #lost = 0;
  #writing: Promise<void> | undefined;
  /** Bytes in the file; undefined: not looked at yet. */
  #bytes: number | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(path: string, format: Logform.Format) {
    super({ format });
    this.#path = path;
  }

  override log(info: Logform.TransformableInfo, next: () => void): void {
    const line = `${String(info[MESSAGE])}\n`;
    if (this.#waitingBytes + line.length > MAX_WAITING_BYTES) this.#lost += 1;
    else {
      this.#waiting.push(line);
      this.#waitingBytes += line.length;
    }
    if (this.#retry === undefined) this.#write();
    next();
  }

  /** Called when the logger ends: the last lines are written first. */
  override _final(done: () => void): void {
    clearTimeout(this.#retry);
    // oxlint-disable-next-line promise/no-callback-in-promise -- a stream's own hook takes a callback
    void Promise.resolve(this.#writing).then(done);
  }

  /** Writes what waits; after a failure, again a little later. */
  #write(): void {
    this.#writing ??= this.#writeAll()
      .catch(() => {
        this.#retry = setTimeout(() => {
          this.#retry = undefined;
          this.#write();
        }, RETRY_MS);
        this.#retry.unref();
      })
      .finally(() => {
        this.#writing = undefined;
        const isLate = this.#waiting.length > 0 && this.#retry === undefined;
        if (isLate) this.#write(); // what came while the last batch was being finished
      });
  }

  /** Rejects when the file cannot be written; nothing is lost with that. */
  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0 || this.#lost > 0) {
      const batch = this.#waiting;
      const lost = this.#lost; // more may be lost while these are written
      const text = batch.join('') + noteOfLost(lost);
      this.#waiting = [];
      try {
        await this.#append(text);
      } catch (error) {
        this.#waiting = [...batch, ...this.#waiting];
        throw error;
      }
      this.#lost -= lost;
      this.#waitingBytes = this.#waiting.reduce((sum, { length }) => sum + length, 0);
    }
  }

  async #append(text: string): Promise<void> {
    this.#bytes ??= await sizeOf(this.#path);
    if (this.#bytes > 0 && this.#bytes + text.length > FILE_BYTES) {
      await rotate(this.#path);
      this.#bytes = 0;
    }
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await appendFile(this.#path, text, { mode: 0o600 });
      this.#bytes += Buffer.byteLength(text);
    } catch (error) {
      this.#bytes = undefined; // some of it may have been written
      throw error;
    }
  }
}

function noteOfLost(lines: number): string {
  if (lines === 0) return '';
  const note = { level: 'warn', message: 'log lines lost: the file could not be written' };
  return `${JSON.stringify({ ...note, lines, timestamp: new Date().toISOString() })}\n`;
}

const sizeOf = async (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** `app.log` becomes `app1.log`, that `app2.log`, and so on; the oldest is overwritten. */
async function rotate(path: string): Promise<void> {
  const numbered = (number: number): string =>
    number === 0 ? path : path.replace(/(\.[^./\\]+)?$/, `${number}$1`);
  for (let number = FILES_KEPT; number > 0; number -= 1) {
    await rename(numbered(number - 1), numbered(number)).catch(() => undefined); // none there yet
  }
}
