import { StudioError } from '@aistudio/core';

/**
 * A part of a plan that the page has a place for, and that can also be said in words: functions and
 * the form of the answer in the system instructions, and these in the prompt.
 */
export type NativePart = 'functions' | 'format' | 'system';

/** The page has not the means for a part of a plan, or does not take it. */
export class NotNativeError extends StudioError {
  override readonly name = 'NotNativeError';
  readonly part: NativePart;
  /** What the client is told if the part cannot be said in words either. */
  readonly fault: StudioError;

  constructor(part: NativePart, fault: StudioError) {
    super(fault.code, fault.message, {
      cause: fault,
      param: fault.param ?? undefined,
      logged: fault.logged,
    });
    this.part = part;
    this.fault = fault;
  }
}
