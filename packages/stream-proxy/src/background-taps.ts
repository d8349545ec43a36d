import { type IncomingHttpHeaders } from 'node:http';

import { type JobEvent } from '@aistudio/core';
import {
  createAnswerDecoder,
  isPassingFailure,
  LOOKUP_ATTEMPTS,
  readInteractionLookup,
  readInteractionReply,
} from '@aistudio/wire';

import { BodyCopy } from './body-copy.ts';
import { BodyReader } from './body-reader.ts';
import { type CallRecord, now } from './call-record.ts';
import { type Tap } from './tap.ts';

/** An interaction that runs in the background and whose answer comes by another call. */
interface Background {
  readonly id: string;
  readonly call: CallRecord;
  failures: number;
}

/** The background interaction of each slot: a page has one at most. */
export class Backgrounds {
  readonly #bySlot = new Map<string, Background>();

  /** The page asks something new: nobody waits for the answer of before. */
  abandon(slot: string): void {
    this.#bySlot.get(slot)?.call.end('aborted');
    this.#bySlot.delete(slot);
  }

  begin(slot: string, id: string, call: CallRecord): void {
    this.#bySlot.set(slot, { id, call, failures: 0 });
  }

  find(slot: string, id: string | undefined): Background | undefined {
    const background = this.#bySlot.get(slot);
    return id === undefined || background?.id === id ? background : undefined;
  }

  close(slot: string): void {
    this.#bySlot.delete(slot);
  }
}

/** Reads a CreateInteraction call, which says only where its answer is to be had. */
export class CreateInteractionTap implements Tap {
  readonly #slot: string;
  readonly #call: CallRecord;
  readonly #backgrounds: Backgrounds;
  #body: BodyReader | undefined;

  constructor(slot: string, call: CallRecord, backgrounds: Backgrounds) {
    this.#slot = slot;
    this.#call = call;
    this.#backgrounds = backgrounds;
  }

  requestBytes(bytes: Buffer): void {
    this.#call.requestBytes(bytes);
  }

  requestEnd(): void {
    this.#call.requestEnd();
  }

  response(status: number, headers: IncomingHttpHeaders): void {
    this.#call.response(status);
    const copy = new BodyCopy();
    const giveUp = (reason: string): void => {
      this.#call.complain(reason);
      this.#call.end('undecodable');
    };
    this.#body = new BodyReader(headers['content-encoding'], {
      bytes: (bytes) => copy.push(bytes),
      end: () => {
        const body = copy.take();
        const head = { status, retryAfter: headers['retry-after'] };
        const reply = body && readInteractionReply(head, body, this.#call.positions);
        if (!reply) return giveUp('the reply names no interaction');
        if (reply.type === 'created') {
          return this.#backgrounds.begin(this.#slot, reply.id, this.#call);
        }
        this.#call.events([reply.error], now());
        this.#call.end('complete');
      },
      unreadable: giveUp,
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
    this.#call.missRequest('the connection broke before it was complete');
    const decoder = createAnswerDecoder({ status: 200 });
    this.#call.events(decoder.end(), now()); // of no bytes at all: an interruption
    this.#call.end(decoder.outcome);
  }

  aborted(): void {
    this.#body?.drop();
    this.#call.missRequest('dropped by the page before it was complete');
    this.#call.end('aborted');
  }
}

/** Reads a GetInteractionStream call into the exchange of the interaction that it belongs to. */
export class GetInteractionStreamTap implements Tap {
  readonly #slot: string;
  readonly #backgrounds: Backgrounds;
  readonly #request = new BodyCopy();
  #background: Background | undefined;
  #body: BodyReader | undefined;
  #receivedAt = now();

  constructor(slot: string, backgrounds: Backgrounds) {
    this.#slot = slot;
    this.#backgrounds = backgrounds;
  }

  requestBytes(bytes: Buffer): void {
    this.#request.push(bytes);
  }

  requestEnd(): void {
    const body = this.#request.take();
    this.#background = this.#backgrounds.find(this.#slot, body && readInteractionLookup(body));
  }

  response(status: number, headers: IncomingHttpHeaders): void {
    const background = this.#background;
    if (!background) return;
    const { call } = background;
    const decoder = createAnswerDecoder(
      { status, retryAfter: headers['retry-after'] },
      {
        rpc: 'GetInteractionStream',
        functionNames: call.summary?.functionNames,
        positions: call.positions,
        stopsAtGap: true,
      },
    );
    const finish = (events: readonly JobEvent[]): void => {
      this.#write(background, events);
      if (decoder.failure === undefined) return;
      this.#body?.drop();
      call.complain(decoder.failure);
      this.#end(background, 'undecodable', decoder.unknownFrames);
    };
    this.#body = new BodyReader(headers['content-encoding'], {
      bytes: (bytes) => finish(decoder.push(bytes)),
      end: () => finish(decoder.end()),
      unreadable: (reason) => {
        call.complain(reason);
        this.#end(background, 'undecodable', decoder.unknownFrames);
      },
    });
  }

  responseBytes(bytes: Buffer): void {
    this.#receivedAt = now();
    this.#body?.push(bytes);
  }

  responseEnd(): void {
    this.#body?.end();
  }

  interrupted(): void {
    if (this.#body) return this.#body.end();
    const decoder = createAnswerDecoder({ status: 200 });
    if (this.#background) this.#write(this.#background, decoder.end());
  }

  aborted(): void {
    this.#body?.drop();
    if (this.#background) this.#end(this.#background, 'aborted');
  }

  /** Writes events up to the end of the answer, unless the page will ask for it again. */
  #write(background: Background, events: readonly JobEvent[]): void {
    const { call } = background;
    for (const event of events) {
      if (isPassingFailure(event)) {
        background.failures += 1;
        if (call.hasEvents) {
          // what the page reads when it asks again begins anew: only the page can join the two
          return this.#end(background, 'undecodable');
        }
        if (background.failures < LOOKUP_ATTEMPTS) return;
      }
      call.events([event], this.#receivedAt);
      if (event.type === 'finish' || event.type === 'error') {
        return this.#end(background, 'complete');
      }
    }
  }

  #end(background: Background, ...end: Parameters<CallRecord['end']>): void {
    if (this.#backgrounds.find(this.#slot, background.id) !== background) return;
    this.#backgrounds.close(this.#slot);
    background.call.end(...end);
  }
}
