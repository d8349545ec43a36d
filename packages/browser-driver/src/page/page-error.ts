import { type ErrorCode, StudioError, type StudioErrorOptions } from '@aistudio/core';

/** What a {@link PageError} may carry beyond its step and message. */
export interface PageErrorOptions extends StudioErrorOptions {
  readonly code?: ErrorCode | undefined;
  /** True when it came before Run: nothing was asked, so another try costs nothing. */
  readonly isUnsent?: boolean;
  /** True when the page had come to rest and lacked what the step needs: no reload brings it. */
  readonly isLacking?: boolean;
}

/** The page did not do what a step needed. Recovery starts here; the step names the place to look. */
export class PageError extends StudioError {
  override readonly name = 'PageError';
  /** What we were doing, for example `press Run`. */
  readonly step: string;
  readonly isUnsent: boolean;
  readonly isLacking: boolean;
  readonly #what: string;
  readonly #options: PageErrorOptions;

  constructor(step: string, what: string, options: PageErrorOptions = {}) {
    const code = options.code ?? 'upstream_error';
    super(code, `AI Studio's page failed at "${step}": ${what}`, options);
    this.step = step;
    this.isUnsent = options.isUnsent ?? false;
    this.isLacking = options.isLacking ?? false;
    this.#what = what;
    this.#options = options;
  }

  /** The same failure, known to have come before Run. */
  asUnsent(): PageError {
    return new PageError(this.step, this.#what, { ...this.#options, isUnsent: true });
  }
}
