import { type ErrorRecord } from '@aistudio/core';

/** OpenAI's error envelope; all four keys are always there (openai-behaviours E-01). */
export interface ErrorBody {
  readonly error: Pick<ErrorRecord, 'message' | 'type' | 'param' | 'code'>;
}

/** A message may quote what the client sent; of that the beginning is enough. */
const MAX_MESSAGE = 4000;
const MAX_PARAM = 1000;

/** What of a failure goes into a body. */
export const toErrorBody = ({ message, type, param, code }: ErrorRecord): ErrorBody => ({
  error: {
    message: message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message,
    type,
    param: param && param.slice(0, MAX_PARAM),
    code,
  },
});
