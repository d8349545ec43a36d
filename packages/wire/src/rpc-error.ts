import { type ErrorCode, StudioError } from '@aistudio/core';

import { type FailureDetail, readFailureDetail } from './error-detail.ts';
import { parseArray } from './frames.ts';
import { at, integerAt, listAt, numberAt, textAt } from './message.ts';
import { type WirePositions, wirePositions } from './positions.ts';
import { present } from './present.ts';

/** What the service says when it refuses (wire-format.md §5.10). */
export interface RpcFailure {
  /** gRPC status code */
  readonly code: number;
  readonly message: string;
  /** ErrorInfo's reason, such as RATE_LIMIT_EXCEEDED. */
  readonly reason?: string;
  /** From RetryInfo, else what the detail says. */
  readonly retryAfterSeconds?: number;
  /** What AI Studio's own detail says. */
  readonly detail?: FailureDetail;
}

const OK = 0;
/** gRPC status codes that we tell apart. */
const GRPC = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** The code to assume where only the HTTP status is known. */
const GRPC_OF_STATUS: Readonly<Record<number, number>> = {
  400: GRPC.invalidArgument,
  401: GRPC.unauthenticated,
  403: GRPC.permissionDenied,
  404: GRPC.notFound,
  412: GRPC.failedPrecondition,
  429: GRPC.resourceExhausted,
  503: GRPC.unavailable,
  504: GRPC.deadlineExceeded,
};

/**
 * How a call ended, `[code, "message", details]` at a place where nothing else can stand; undefined
 * where it did not fail. The message may be missing.
 */
export function toRpcStatus(
  value: unknown,
  positions: WirePositions = wirePositions,
): RpcFailure | undefined {
  const code = integerAt(value, 0);
  if (code === undefined || code === OK) return undefined;
  const message = textAt(value, 1) ?? `status ${code}`;
  const detail = (type: string): unknown =>
    at(
      listAt(value, 2).find((entry) => textAt(entry, 0)?.endsWith(type)),
      1,
    );
  const own = readFailureDetail(
    detail('.GeminiApiErrorDetails'),
    detail('.AiStudioErrorDetails'),
    positions,
  );
  const retryAfterSeconds = toSeconds(at(detail('google.rpc.RetryInfo'), 0));
  return {
    code,
    message,
    ...present({
      reason: textAt(detail('google.rpc.ErrorInfo'), 0),
      retryAfterSeconds: retryAfterSeconds ?? own?.retryAfterSeconds,
      detail: own,
    }),
  };
}

/** The same at a place where something else may stand: it is one only with its message. */
export const toRpcFailure = (value: unknown): RpcFailure | undefined =>
  textAt(value, 1) === undefined ? undefined : toRpcStatus(value);

/** A Duration, `["<seconds>", nanos]`, rounded up to whole seconds. */
function toSeconds(duration: unknown): number | undefined {
  const seconds = Number(textAt(duration, 0) ?? numberAt(duration, 0) ?? Number.NaN);
  const nanos = numberAt(duration, 1) ?? 0;
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds + nanos / 1e9) : undefined;
}

/** The first `[code, "message", …]` up to three levels deep. */
export function findRpcFailure(value: unknown, levels = 3): RpcFailure | undefined {
  const direct = toRpcFailure(value);
  if (direct || levels === 0 || !Array.isArray(value)) return direct;
  for (const item of value) {
    const found = findRpcFailure(item, levels - 1);
    if (found) return found;
  }
  return undefined;
}

/** An HTTP answer that is not what was asked for. */
export interface FailedResponse {
  readonly status: number;
  /** Value of the `Retry-After` header. */
  readonly retryAfter?: string | undefined;
  /** The whole body, decompressed, or its beginning. */
  readonly body: Uint8Array;
}

/**
 * The service's own words in an error body: the status behind a list of messages (wire-format.md
 * §5.1), else in any shape; undefined where it has none.
 */
export function parseRpcFailure(body: Uint8Array): RpcFailure | undefined {
  const root = parseArray(body);
  const isStream = at(root, 0) === undefined || Array.isArray(at(root, 0));
  return (isStream ? toRpcStatus(at(root, 1)) : undefined) ?? findRpcFailure(root);
}

/** True for a web page where an RPC answer was expected. */
export const isWebPage = (body: Uint8Array): boolean =>
  /^\s*<(?:!doctype|html|head|body|title)/i.test(Buffer.from(body.subarray(0, 200)).toString());

/** An error answer as the failure that the client is told, whatever its shape. */
export function toStudioError({ status, retryAfter, body }: FailedResponse): StudioError {
  const found = parseRpcFailure(body);
  const failure = found ?? {
    code: GRPC_OF_STATUS[status] ?? GRPC.internal,
    message: isWebPage(body) ? `a web page (HTTP ${status})` : `HTTP ${status}`,
  };
  return failureToStudioError(withRetryAfter(failure, retryAfter));
}

/** What the client is told of a failure, and what to do about it. */
export function failureToStudioError(failure: RpcFailure): StudioError {
  const { retryAfterSeconds } = failure;
  const [code, advice] = meaningOf(failure);
  const said = failure.message.trim().replace(/[.\s]*$/, '');
  const { code: status, reason } = failure;
  return new StudioError(code, `AI Studio answered: ${said}. ${advice}`.trim(), {
    retryAfterSeconds,
    logged:
      `AI Studio answered with gRPC status ${status}${reason === undefined ? '' : ` (${reason})`}. ${advice}`.trim(),
  });
}

function meaningOf({ code, message, detail }: RpcFailure): [ErrorCode, string] {
  if (detail) return [detail.code, detail.advice];
  switch (code) {
    case GRPC.resourceExhausted:
      return ['rate_limit_exceeded', 'The account’s quota for this model is used up for now.'];
    case GRPC.unauthenticated:
      return ['not_signed_in', 'Run `pnpm signin`.'];
    case GRPC.permissionDenied:
      return [
        'upstream_error',
        'Try again; if it stays, open AI Studio in a browser and see whether this account may use the model.',
      ];
    case GRPC.invalidArgument:
      return /token/i.test(message) && /exceed|too (?:long|large|many)|maximum/i.test(message)
        ? ['context_length_exceeded', 'Shorten the prompt.']
        : ['invalid_value', ''];
    case GRPC.notFound:
      return /model/i.test(message)
        ? ['model_not_found', 'GET /v1/models lists what there is.']
        : ['upstream_error', ''];
    case GRPC.failedPrecondition:
      return ['upstream_error', 'The account’s region or billing may not allow this.'];
    case GRPC.deadlineExceeded:
      return ['timeout', 'Try again.'];
    default:
      return ['upstream_error', 'Try again.'];
  }
}

/** A failure with the waiting time of the `Retry-After` header, where it has none of its own. */
export function withRetryAfter(failure: RpcFailure, retryAfter: string | undefined): RpcFailure {
  const seconds = failure.retryAfterSeconds ?? parseRetryAfter(retryAfter);
  return { ...failure, ...present({ retryAfterSeconds: seconds }) };
}

/** `Retry-After` is a number of seconds or a date. */
function parseRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value);
  const seconds = Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
