/** A failure of an RPC: gRPC code, HTTP status, message (wire-format.md §5.10). */
export class RpcError extends Error {
  readonly status: number;
  readonly code: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: number, message: string, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The body as the wire writes it, with the leading null elided as in captures. */
  get body(): string {
    const details = this.details();
    return `[,${JSON.stringify([this.code, this.message, ...(details.length > 0 ? [details] : [])])}]`;
  }

  private details(): unknown[] {
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
  invalid: (message = 'Request contains an invalid argument.'): RpcError =>
    new RpcError(400, 3, message),
  tooLong: (): RpcError =>
    new RpcError(400, 3, 'The input token count exceeds the maximum number of tokens allowed.'),
  notFound: (message: string): RpcError => new RpcError(404, 5, message),
  denied: (): RpcError => new RpcError(403, 7, 'The caller does not have permission'),
  quota: (retryAfterSeconds?: number): RpcError =>
    new RpcError(429, 8, 'You exceeded your current quota. Try again later.', retryAfterSeconds),
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
