import { z } from 'zod';

/** Every way a request can fail, and how OpenAI would say it. The only such table. */
export const FAULTS = {
  invalid_json: { status: 400, type: 'invalid_request_error' },
  invalid_value: { status: 400, type: 'invalid_request_error' },
  malformed_request: { status: 400, type: 'invalid_request_error' },
  unsupported_endpoint: { status: 400, type: 'invalid_request_error' },
  unsupported_parameter: { status: 400, type: 'invalid_request_error' },
  context_length_exceeded: { status: 400, type: 'invalid_request_error' },
  invalid_api_key: { status: 401, type: 'invalid_request_error' },
  origin_not_allowed: { status: 403, type: 'invalid_request_error' },
  model_not_found: { status: 404, type: 'invalid_request_error' },
  request_not_found: { status: 404, type: 'invalid_request_error' },
  key_not_found: { status: 404, type: 'invalid_request_error' },
  unknown_url: { status: 404, type: 'invalid_request_error' },
  method_not_allowed: { status: 405, type: 'invalid_request_error' },
  request_timeout: { status: 408, type: 'invalid_request_error' },
  request_too_large: { status: 413, type: 'invalid_request_error' },
  unsupported_media_type: { status: 415, type: 'invalid_request_error' },
  expectation_failed: { status: 417, type: 'invalid_request_error' },
  rate_limit_exceeded: { status: 429, type: 'rate_limit_error' },
  queue_full: { status: 429, type: 'rate_limit_error' },
  headers_too_large: { status: 431, type: 'invalid_request_error' },
  request_cancelled: { status: 499, type: 'invalid_request_error' },
  internal_error: { status: 500, type: 'server_error' },
  upstream_error: { status: 502, type: 'server_error' },
  upstream_interrupted: { status: 502, type: 'server_error' },
  invalid_tool_call: { status: 502, type: 'server_error' },
  missing_tool_call: { status: 502, type: 'server_error' },
  invalid_output: { status: 502, type: 'server_error' },
  worker_lost: { status: 502, type: 'server_error' },
  not_signed_in: { status: 503, type: 'server_error' },
  not_ready: { status: 503, type: 'server_error' },
  timeout: { status: 504, type: 'server_error' },
} as const satisfies Record<string, { status: number; type: string }>;

/** The machine-readable name of a failure; OpenAI's `code`. */
export type ErrorCode = keyof typeof FAULTS;

/** Every code, for documentation and its test. */
export const errorCodes: readonly ErrorCode[] = Object.keys(FAULTS).filter(
  (key): key is ErrorCode => key in FAULTS,
);

/**
 * A failure as it travels between processes and, without `status` and `retryAfterSeconds`, as
 * OpenAI's error object. `status` is an HTTP status.
 */
export const ErrorRecord = z.object({
  status: z.int().min(400).max(599),
  type: z.string(),
  code: z.string(),
  param: z.string().nullable(),
  message: z.string(),
  /** What logs say in the message's place; absent: the message. */
  logged: z.string().optional(),
  retryAfterSeconds: z.number().nonnegative().optional(),
});
export type ErrorRecord = z.infer<typeof ErrorRecord>;

/** What a {@link StudioError} may carry beyond its code and message. */
export interface StudioErrorOptions extends ErrorOptions {
  /** The request field at fault, as the client wrote it: `messages[2].content`. */
  readonly param?: string | undefined;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number | undefined;
  /** What logs say in place of a message that quotes others: a prompt, an answer, a service's reply. */
  readonly logged?: string | undefined;
}

/** A failure we understand. Its message is for the client and says what to do next. */
export class StudioError extends Error {
  override readonly name: string = 'StudioError';
  readonly code: ErrorCode;
  readonly param: string | null;
  readonly retryAfterSeconds: number | undefined;
  readonly logged: string | undefined;

  constructor(code: ErrorCode, message: string, options: StudioErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.param = options.param ?? null;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.logged = options.logged;
  }
}

/** A failure that another process already put into words. */
export class RecordedError extends Error {
  override readonly name = 'RecordedError';
  readonly record: ErrorRecord;

  constructor(record: ErrorRecord) {
    super(record.message);
    this.record = record;
  }
}

/** What a log may say of a failure: no word of a prompt, an answer, or a service's reply. */
export function toLogMessage(failure: unknown): string {
  if (failure instanceof RecordedError) return toLogMessage(failure.record);
  if (failure instanceof StudioError) return failure.logged ?? failure.message;
  const record = ErrorRecord.safeParse(failure);
  if (record.success) return record.data.logged ?? record.data.message;
  return failure instanceof Error ? failure.message : String(failure);
}
