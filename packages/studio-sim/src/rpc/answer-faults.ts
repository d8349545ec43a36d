import { chooseAnswer } from '../answer/choose-answer.ts';
import { BadDirectiveError, type Directive } from '../answer/directive.ts';
import { type FaultName } from '../control/faults.ts';
import { cutConnection } from '../http/body-stream.ts';
import { CORS_HEADERS } from '../http/cors.ts';
import { isBrowserConnection, reply } from '../http/exchange.ts';
import { type DecodedRequest } from '../wire/request-array.ts';
import { RPC_ERRORS, RpcError } from '../wire/rpc-error.ts';
import { type RpcCall } from './rpc-call.ts';

/** Faults that are an error of the call, in the order in which they win. */
const ERRORS: readonly (readonly [FaultName, () => RpcError])[] = [
  ['permission-denied', RPC_ERRORS.denied],
  ['quota', () => RPC_ERRORS.quota(37)],
  ['daily-quota', RPC_ERRORS.dailyQuota],
  ['rate-limit', RPC_ERRORS.rateLimit],
  ['rate-limit-then-hang', RPC_ERRORS.rateLimit],
  ['out-of-generations', RPC_ERRORS.outOfGenerations],
  ['prompt-too-long', RPC_ERRORS.tooLong],
  ['region-refused', RPC_ERRORS.region],
  ['internal-error', RPC_ERRORS.internal],
  ['overloaded', RPC_ERRORS.overloaded],
];

/** What the service says in a 200 of which it does not know yet how it ends. */
const EXHAUSTED = { code: 8, message: 'Resource has been exhausted (e.g. check quota).' } as const;

/** Faults that change an answer, in words of the directive. */
const CHANGES: readonly (readonly [FaultName, Directive])[] = [
  ['empty-answer', { text: '', thoughts: '', toolCalls: [], media: [] }],
  ['thoughts-only', { text: '', thoughts: 'Thinking, and no end to it.', finish: 'MAX_TOKENS' }],
  ['broken-stream', { noFinish: true }],
  ['no-first-byte', { stallAfterChunks: 0 }],
  ['silent-mid-answer', { stallAfterChunks: 2 }],
  ['cut-mid-answer', { dropAfterChunks: 2 }],
  ['quota-in-200', { status: { ...EXHAUSTED, afterFrames: 0 } }],
  ['quota-after-frames', { status: { ...EXHAUSTED, afterFrames: 2 } }],
  [
    'error-after-frames',
    { status: { code: 13, message: 'Internal error encountered.', afterFrames: 2 } },
  ],
  ['unknown-finish', { finish: 'FINISH_18' }],
  ['unknown-parts', { unknownParts: [16, 17, 25, 26] }],
];

/** Whether a fault has answered the call already, with something that is no RPC reply at all. */
export function isAnsweredByFault(call: RpcCall): boolean {
  const { switches } = call.sim;
  if (switches.take('bad-gateway')) replyHtml(call);
  else if (switches.take('no-reply')) cutOff(call);
  else return false;
  return true;
}

/** Throws the error that a fault demands. */
export function throwFaults({ exchange, sim: { switches } }: RpcCall): void {
  if (!isBrowserConnection(exchange.request) && switches.take('refuse-proxied'))
    throw RPC_ERRORS.denied();
  for (const [fault, error] of ERRORS) if (switches.take(fault)) throw error();
}

/** The answer to a request, as the faults have it; throws where it is to be an error. */
export function chooseDirective({ sim }: RpcCall, decoded: DecodedRequest): Directive {
  let directive = choose(decoded, sim);
  for (const [fault, change] of CHANGES)
    if (sim.switches.take(fault)) directive = { ...directive, ...change };
  const { error } = directive;
  if (!error) return directive;
  const { status, code, message, retryAfterSeconds, details } = error;
  throw new RpcError(status, code, message, { retryAfterSeconds, details });
}

function choose(decoded: DecodedRequest, { scripts }: RpcCall['sim']): Directive {
  try {
    return chooseAnswer(decoded, scripts);
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
