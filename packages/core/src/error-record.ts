import { type ErrorRecord, FAULTS, RecordedError, StudioError } from './errors.ts';
import { toRedisFailure } from './redis-failure.ts';

/**
 * The one way from anything thrown to OpenAI's words. A Redis that cannot do its work is `not_ready`. What
 * we do not understand becomes a plain `internal_error`: its own message may hold secrets and is for the
 * log only.
 */
export function toErrorRecord(error: unknown): ErrorRecord {
  if (error instanceof RecordedError) return error.record;
  if (!(error instanceof StudioError))
    return toErrorRecord(toRedisFailure(error) ?? unknown(error));
  return {
    ...FAULTS[error.code],
    code: error.code,
    param: error.param,
    message: error.message,
    ...(error.logged === undefined ? {} : { logged: error.logged }),
    ...(error.retryAfterSeconds === undefined
      ? {}
      : { retryAfterSeconds: error.retryAfterSeconds }),
  };
}

const unknown = (cause: unknown): StudioError =>
  new StudioError('internal_error', 'Something failed inside the proxy; its log has the cause.', {
    cause,
  });
