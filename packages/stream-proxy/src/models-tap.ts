import { type IncomingHttpHeaders } from 'node:http';

import { type Log, type ModelInfo } from '@aistudio/core';
import { parseModels, type WirePositions } from '@aistudio/wire';

import { BodyCopy } from './body-copy.ts';
import { BodyReader } from './body-reader.ts';
import { type Tap } from './tap.ts';

/** Reads the page's own ListModels answer; says nothing of one that failed. */
export class ModelsTap implements Tap {
  readonly #write: (models: ModelInfo[]) => void;
  readonly #log: Log;
  readonly #positions: WirePositions | undefined;
  #body: BodyReader | undefined;

  constructor(write: (models: ModelInfo[]) => void, log: Log, positions?: WirePositions) {
    this.#write = write;
    this.#log = log;
    this.#positions = positions;
  }

  requestBytes(): void {
    // nothing in it for us
  }

  requestEnd(): void {
    // nothing in it for us
  }

  response(status: number, headers: IncomingHttpHeaders): void {
    if (status !== 200) return;
    const copy = new BodyCopy();
    const complain = (reason: string): void => {
      this.#log.warn('model list not decodable', { reason });
    };
    this.#body = new BodyReader(headers['content-encoding'], {
      bytes: (bytes) => copy.push(bytes),
      end: () => {
        const body = copy.take();
        const models = body && parseModels(body, this.#positions);
        if (models) this.#write(models);
        else complain(body ? 'not a list' : 'too large');
      },
      unreadable: complain,
    });
  }

  responseBytes(bytes: Buffer): void {
    this.#body?.push(bytes);
  }

  responseEnd(): void {
    this.#body?.end();
  }

  interrupted(): void {
    this.#body?.drop();
  }

  aborted(): void {
    this.#body?.drop();
  }
}
