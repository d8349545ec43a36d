import { type ErrorRecord } from '@aistudio/core';

/** OpenAI's error envelope; all four keys are always there (openai-behaviours E-01). */
export interface ErrorBody {
  readonly error: Pick<ErrorRecord, 'message' | 'type' | 'param' | 'code'>;
}

/** What of a failure goes into a body. */
export const toErrorBody = ({ message, type, param, code }: ErrorRecord): ErrorBody => ({
  error: { message, type, param, code },
});
