export { type AnswerDecoder, type AnswerHead, createAnswerDecoder } from './answer-decoder.ts';
export { createContentDecoder } from './content-encoding.ts';
export { parseArray } from './frames.ts';
export { parseModels } from './list-models.ts';
export { digestTexts, summarizeRequest } from './request-array.ts';
export { type FailedResponse, toStudioError } from './rpc-error.ts';
export { fencedBlock } from './to-job-events.ts';
