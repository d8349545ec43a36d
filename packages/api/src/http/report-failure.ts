import {
  type ErrorRecord,
  StudioError,
  toErrorRecord,
  toLogMessage,
  toRedisFailure,
} from '@aistudio/core';

import { type Context } from './context.ts';

/**
 * A failure in the client's words, stored in the request record, and a line in the log: what we understand is ours to cope with,
 * anything else a person must look at.
 */
export function reportFailure(
  { record: requestRecord, log }: Context,
  thrown: unknown,
): ErrorRecord {
  const error = toRedisFailure(thrown) ?? fromHttp(thrown);
  const record = withWait(toErrorRecord(error));
  const { status, code } = record;
  const reason = toLogMessage(record);
  requestRecord.failure = code;
  if (code === 'internal_error') log.error('request failed', { error });
  else if (status >= 500) log.warn('request failed', { status, code, reason, ...causeOf(error) });
  else log.info('request refused', { status, code });
  return record;
}

/** A refusal for now, whose message says how long that is, as its header does. */
function withWait(record: ErrorRecord): ErrorRecord {
  const { code, message, retryAfterSeconds = 0 } = record;
  if (code !== 'rate_limit_exceeded' || retryAfterSeconds <= 0) return record;
  const seconds = Math.ceil(retryAfterSeconds);
  if (new RegExp(`\\b${seconds} s\\b`).test(message)) return record;
  return { ...record, message: `${message.trim()} Try again in ${seconds} s.` };
}

const causeOf = (error: unknown): object =>
  error instanceof Error && error.cause !== undefined ? { cause: error.cause } : {};

/** The faults that Express and its body parser find, in our words. */
function fromHttp(thrown: unknown): unknown {
  if (thrown instanceof URIError) {
    return new StudioError('invalid_value', 'The URL is not correctly percent-encoded.');
  }
  if (isOfCompression(thrown)) {
    const message = 'The body is not of the compression that content-encoding names, or cut off.';
    return new StudioError('invalid_json', message, { cause: thrown });
  }
  if (!(thrown instanceof Error) || !('type' in thrown)) return thrown;
  switch (thrown.type) {
    case 'entity.too.large':
      return new StudioError(
        'request_too_large',
        'The body is larger than this server takes (MAX_BODY_BYTES).',
      );
    case 'encoding.unsupported':
      return new StudioError('unsupported_media_type', `The body has an ${thrown.message}.`);
    case 'request.size.invalid':
    case 'request.aborted':
      return new StudioError('invalid_json', 'The body ended too early.');
    default:
      return thrown;
  }
}

/** Whether a failure is one of zlib's, as the body parser hands them on. */
const isOfCompression = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  'code' in thrown &&
  typeof thrown.code === 'string' &&
  /^Z_|^ERR_(_|BROTLI|ZSTD)/.test(thrown.code);
