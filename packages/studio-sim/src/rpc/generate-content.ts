import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import { chooseAnswer } from '../answer/choose-answer.ts';
import { BadDirectiveError, Delivery, type Directive } from '../answer/directive.ts';
import { toFrames } from '../answer/to-frames.ts';
import { type FaultName } from '../control/faults.ts';
import { now } from '../control/request-log.ts';
import { type Switches } from '../control/switches.ts';
import { type BodyStream, cutConnection, openBody } from '../http/body-stream.ts';
import { CORS_HEADERS } from '../http/cors.ts';
import { reply } from '../http/exchange.ts';
import { TIMINGS } from '../timing.ts';
import { attest } from '../wire/attestation.ts';
import { encodeFrame, metadataFrame } from '../wire/encode-frame.ts';
import { at, stringAt } from '../wire/message.ts';
import { type DecodedRequest, decodeRequest } from '../wire/request-array.ts';
import { RPC_ERRORS, RpcError } from '../wire/rpc-error.ts';
import { serialize } from '../wire/serialize.ts';
import { countTokens } from '../wire/tokens.ts';
import { checkRequest } from './check-request.ts';
import { MODELS } from './models.ts';
import { RPC_HEADERS, type RpcCall } from './rpc-call.ts';

/** `GenerateContent`: checks the request as the service would, then streams the chosen answer. */
export async function generateContent(call: RpcCall): Promise<void> {
  const { request, entry, sim } = call;
  const decoded = decodeRequest(request, sim.drive);
  const isAttested = stringAt(request, 4) === (await attest(at(request, 1), at(request, 5)));
  entry.decoded = { ...decoded, attestation: isAttested ? 'valid' : 'invalid' };

  if (sim.switches.take('bad-gateway')) return replyHtml(call);
  if (sim.switches.take('no-reply')) return cutOff(call);
  checkRequest(request, decoded, sim.switches.options.requireSignatures);
  if (!isAttested) throw RPC_ERRORS.denied();
  throwFaults(sim.switches);

  const directive = withFaults(choose(call, decoded), sim.switches);
  if (directive.error) {
    const { status, code, message, retryAfterSeconds } = directive.error;
    throw new RpcError(status, code, message, retryAfterSeconds);
  }
  const delivery = deliveryOf(directive, sim.switches);
  const pieces = directive.rawChunks
    ? directive.rawChunks.map((chunk) => Buffer.from(chunk, 'base64'))
    : framePieces(directive, decoded, delivery);
  await stream(call, directive, delivery, pieces);
}

function choose({ sim }: RpcCall, decoded: DecodedRequest): Directive {
  try {
    return chooseAnswer(decoded, sim.scripts);
  } catch (error) {
    if (error instanceof BadDirectiveError) throw RPC_ERRORS.invalid(error.message);
    throw error;
  }
}

/** What a failing front end sends instead of an array (wire-format.md §5.10). */
function replyHtml({ exchange, entry }: RpcCall): void {
  entry.status = 502;
  reply(exchange, 502, '<!DOCTYPE html><title>502</title>', {
    ...CORS_HEADERS,
    'content-type': 'text/html; charset=UTF-8',
  });
}

function cutOff({ exchange, entry }: RpcCall): void {
  entry.endedBy = 'complete'; // not the page's doing
  cutConnection(exchange.response);
}

/** Faults that are an error of this RPC, in the order in which they win. */
const ERRORS: readonly (readonly [FaultName, () => RpcError])[] = [
  ['permission-denied', RPC_ERRORS.denied],
  ['quota', () => RPC_ERRORS.quota(37)],
  ['rate-limit', RPC_ERRORS.rateLimit],
  ['rate-limit-then-hang', RPC_ERRORS.rateLimit],
  ['out-of-generations', RPC_ERRORS.outOfGenerations],
  ['prompt-too-long', RPC_ERRORS.tooLong],
  ['region-refused', RPC_ERRORS.region],
  ['internal-error', RPC_ERRORS.internal],
  ['overloaded', RPC_ERRORS.overloaded],
];

function throwFaults(switches: Switches): void {
  for (const [fault, error] of ERRORS) if (switches.take(fault)) throw error();
}

/** Faults that change an answer, in words of the directive. */
const CHANGES: readonly (readonly [FaultName, Directive])[] = [
  ['empty-answer', { text: '', thoughts: '', toolCalls: [], media: [] }],
  ['thoughts-only', { text: '', thoughts: 'Thinking, and no end to it.', finish: 'MAX_TOKENS' }],
  ['broken-stream', { noFinish: true }],
  ['no-first-byte', { stallAfterChunks: 0 }],
  ['silent-mid-answer', { stallAfterChunks: 2 }],
  ['cut-mid-answer', { dropAfterChunks: 2 }],
];

function withFaults(directive: Directive, switches: Switches): Directive {
  let changed = directive;
  for (const [fault, change] of CHANGES)
    if (switches.take(fault)) changed = { ...changed, ...change };
  return changed;
}

/** How an answer travels: the timing's pace and the control port's options, under its own. */
function deliveryOf(directive: Directive, { options }: Switches): Delivery {
  const { firstFrame, betweenFrames } = TIMINGS[options.timing];
  return Delivery.parse({
    firstDelayMs: firstFrame,
    delayMs: betweenFrames,
    ...options,
    ...directive,
    ...(directive.rawChunks ? { gzip: false } : {}),
  });
}

/** Frames as text, so that together they begin the one array of the body (wire-format.md §5.1). */
function framePieces(directive: Directive, request: DecodedRequest, style: Delivery): string[] {
  const responseId = `v1_${randomBytes(12).toString('base64url')}`;
  const model = MODELS.find(({ id }) => id === request.model);
  const frames = toFrames(directive, {
    promptTokens: countTokens(`${request.systemInstruction ?? ''}${request.text}`),
    signs: Boolean(model?.thinking),
    callId: () => `call_${randomBytes(4).toString('hex')}`,
  });
  const texts = frames.map((frame, index) => {
    const text = serialize(encodeFrame(frame, responseId, style), style);
    return index === 0 ? `[[${text}` : `,${text}`;
  });
  return Array.from({ length: Math.ceil(texts.length / style.coalesce) }, (_, index) =>
    texts.slice(index * style.coalesce, (index + 1) * style.coalesce).join(''),
  );
}

/** Sends the pieces in their time; stalls or cuts where told to. */
async function stream(
  { exchange, entry }: RpcCall,
  { stallAfterChunks, dropAfterChunks, rawChunks }: Directive,
  delivery: Delivery,
  pieces: readonly (string | Buffer)[],
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
  if (!rawChunks) await body.write(`,${serialize(metadataFrame(Date.now()), delivery)}]]`);
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
