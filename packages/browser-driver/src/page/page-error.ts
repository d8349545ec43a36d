import { type ErrorCode, StudioError, type StudioErrorOptions } from '@aistudio/core';

/** The page did not do what a step needed. Recovery starts here; the step names the place to look. */
export class PageError extends StudioError {
  override readonly name = 'PageError';
  /** What we were doing, for example `press Run`. */
  readonly step: string;

  constructor(
    step: string,
    what: string,
    options: StudioErrorOptions & { code?: ErrorCode | undefined } = {},
  ) {
    super(
      options.code ?? 'upstream_error',
      `AI Studio's page failed at "${step}": ${what}`,
      options,
    );
    this.step = step;
  }
}
