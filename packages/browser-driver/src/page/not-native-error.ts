import { StudioError } from '@aistudio/core';

/** A part of a plan that the page has an editor for, and that can also be said in words. */
export type NativePart = 'functions' | 'format';

/** The page has not the means for a part of a plan, or does not take it. */
export class NotNativeError extends StudioError {
  override readonly name = 'NotNativeError';
  readonly part: NativePart;
  /** What the client is told if the part cannot be said in words either. */
  readonly fault: StudioError;

  constructor(part: NativePart, fault: StudioError) {
    super(fault.code, fault.message, { cause: fault, param: fault.param ?? undefined });
    this.part = part;
    this.fault = fault;
  }
}
