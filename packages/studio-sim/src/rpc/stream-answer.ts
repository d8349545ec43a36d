import { setTimeout } from 'node:timers/promises';

import { Delivery, type Directive } from '../answer/directive.ts';
import { now } from '../control/request-log.ts';
import { type Switches } from '../control/switches.ts';
import { type BodyStream, openBody } from '../http/body-stream.ts';
import { TIMINGS } from '../timing.ts';
import { serialize } from '../wire/serialize.ts';
import { RPC_HEADERS, type RpcCall } from './rpc-call.ts';

/** How an answer travels: the timing's pace and the control port's options, under its own. */
export function deliveryOf(directive: Directive, { options }: Switches): Delivery {
  const { firstFrame, betweenFrames } = TIMINGS[options.timing];
  return Delivery.parse({
    firstDelayMs: firstFrame,
    delayMs: betweenFrames,
    ...options,
    ...directive,
    ...(directive.rawChunks ? { gzip: false } : {}),
  });
}

/** Messages as text, so that together they begin the one array of the body (wire-format.md §5.1). */
export function toPieces(messages: readonly unknown[], style: Delivery): string[] {
  const texts = messages.map((each, index) => {
    const text = serialize(each, style);
    return index === 0 ? `[[${text}` : `,${text}`;
  });
  return Array.from({ length: Math.ceil(texts.length / style.coalesce) }, (_, index) =>
    texts.slice(index * style.coalesce, (index + 1) * style.coalesce).join(''),
  );
}

/** What is sent, and what ends it. */
export interface AnswerBody {
  readonly pieces: readonly (string | Buffer)[];
  /** After the last piece: the end of the array, with a status where there is one. */
  readonly ending: string;
}

/** Sends the pieces in their time; stalls or cuts where the directive says so. */
export async function streamAnswer(
  { exchange, entry }: RpcCall,
  { stallAfterChunks, dropAfterChunks }: Directive,
  delivery: Delivery,
  { pieces, ending }: AnswerBody,
): Promise<void> {
  const { signal } = exchange;
  await pause(delivery.firstDelayMs, signal);
  if (stallAfterChunks === 0) await left(signal);
  const body = openBody(exchange, delivery, RPC_HEADERS);
  entry.status = 200;
  for (const [index, piece] of pieces.entries()) {
    if (index === stallAfterChunks) await left(signal);
    if (index === dropAfterChunks) return cut(body, entry);
    if (index > 0) await pause(delivery.delayMs, signal);
    if (index > 0 && index === pieces.length - 1) await pause(delivery.stallMs, signal);
    await body.write(piece);
    entry.sentAt.push(now());
  }
  if (ending !== '') await body.write(ending);
  await body.end();
}

async function cut(body: BodyStream, entry: RpcCall['entry']): Promise<void> {
  entry.endedBy = 'complete'; // not the page's doing
  await body.cut();
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await setTimeout(ms, undefined, { signal });
  else signal.throwIfAborted();
}

/** Rejects when the client leaves; until then, silence. */
async function left(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}
