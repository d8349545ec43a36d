import { message } from './message.ts';

/** A status of the service: gRPC code, message, details (wire-format.md §5.10). */
export interface RpcStatus {
  readonly code: number;
  readonly message: string;
  readonly details?: ErrorDetails | undefined;
}

/** What the service adds to an error in a form of its own. */
export interface ErrorDetails {
  /** Tokens that were sent, and how many are allowed. */
  readonly tokens?: readonly [sent: number, limit: number] | undefined;
  /** Metrics of the quotas that are used up. */
  readonly quotaMetrics?: readonly string[] | undefined;
}

/** What an error says besides its code and message. */
export interface RpcErrorOptions {
  readonly retryAfterSeconds?: number | undefined;
  readonly details?: ErrorDetails | undefined;
}

const GEMINI_DETAILS =
  'type.googleapis.com/google.internal.alkali.applications.makersuite.v1.GeminiApiErrorDetails';

/** The status as the wire writes it: `[code, message, details?]`. */
export function toStatus(
  { code, message: text, details }: RpcStatus,
  more: unknown[] = [],
): unknown[] {
  const all = [...more, ...(details ? [[GEMINI_DETAILS, encodeDetails(details)]] : [])];
  return [code, text, ...(all.length > 0 ? [all] : [])];
}

function encodeDetails({ tokens, quotaMetrics }: ErrorDetails): unknown[] {
  return message({
    2: tokens,
    28: quotaMetrics && [quotaMetrics.map((metric) => message({ 3: metric }))],
  });
}

/** A failure of an RPC: gRPC code, HTTP status, message (wire-format.md §5.10). */
export class RpcError extends Error {
  readonly status: number;
  readonly code: number;
  readonly retryAfterSeconds: number | undefined;
  readonly details: ErrorDetails | undefined;

  constructor(status: number, code: number, text: string, options: RpcErrorOptions = {}) {
    super(text);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details;
  }

  /** The body as the wire writes it, with the leading null elided as in captures. */
  get body(): string {
    return `[,${JSON.stringify(toStatus(this, this.#usualDetails()))}]`;
  }

  #usualDetails(): unknown[] {
    const details: unknown[] = [];
    if (this.code === 8)
      details.push([
        'type.googleapis.com/google.rpc.ErrorInfo',
        [
          'RATE_LIMIT_EXCEEDED',
          'googleapis.com',
          [
            ['quota_metric', 'sim.example/generate'],
            ['quota_limit', 'PerDay'],
          ],
        ],
      ]);
    if (this.retryAfterSeconds !== undefined) {
      const seconds = Math.floor(this.retryAfterSeconds);
      details.push([
        'type.googleapis.com/google.rpc.RetryInfo',
        [[String(seconds), Math.round((this.retryAfterSeconds - seconds) * 1e9)]],
      ]);
    }
    return details;
  }
}

/**
 * The failures the service is known for, with the messages seen in captures (wire-format.md §5.10).
 */
export const RPC_ERRORS = {
  invalid: (text = 'Request contains an invalid argument.'): RpcError => new RpcError(400, 3, text),
  tooLong: (): RpcError =>
    new RpcError(400, 3, 'The input token count exceeds the maximum number of tokens allowed.', {
      details: { tokens: [1_200_000, 1_048_576] },
    }),
  notFound: (text: string): RpcError => new RpcError(404, 5, text),
  denied: (): RpcError => new RpcError(403, 7, 'The caller does not have permission'),
  quota: (retryAfterSeconds?: number): RpcError =>
    new RpcError(429, 8, 'You exceeded your current quota. Try again later.', {
      retryAfterSeconds,
    }),
  dailyQuota: (): RpcError =>
    new RpcError(429, 8, 'You exceeded your current quota. Try again later.', {
      details: { quotaMetrics: ['generate_requests_per_model_per_day'] },
    }),
  rateLimit: (): RpcError =>
    new RpcError(429, 8, 'Resource has been exhausted (e.g. check quota).'),
  outOfGenerations: (): RpcError =>
    new RpcError(429, 8, 'You are out of free generations for this model today.'),
  driveUnauthorized: (): RpcError => new RpcError(401, 16, 'OAuth error: unauthorized_client.'),
  region: (): RpcError => new RpcError(400, 9, 'User location is not supported for the API use.'),
  internal: (): RpcError => new RpcError(500, 13, 'Internal error encountered.'),
  overloaded: (): RpcError => new RpcError(503, 14, 'The model is overloaded.'),
  unauthenticated: (): RpcError =>
    new RpcError(401, 16, 'Request had invalid authentication credentials.'),
};
