import { StudioError } from '@aistudio/core';

/** The helper could not answer; the message says why. */
export class HelperError extends StudioError {
  override readonly name = 'HelperError';
  /** Whether it would likely fail for other prompts too. */
  readonly isOutage: boolean;

  constructor(
    message: string,
    options: ErrorOptions & {
      isOutage: boolean;
      code?: 'upstream_error' | 'timeout';
      logged?: string | undefined;
    },
  ) {
    super(options.code ?? 'upstream_error', message, options);
    this.isOutage = options.isOutage;
  }
}
