export {
  type AnswerDecoder,
  type AnswerHead,
  createAnswerDecoder,
  type DecoderOptions,
  type StreamRpc,
} from './answer-decoder.ts';
export { createContentDecoder } from './content-encoding.ts';
export {
  isPassingFailure,
  LOOKUP_ATTEMPTS,
  readInteractionLookup,
  readInteractionReply,
} from './interaction-reply.ts';
export { parseArray } from './frames.ts';
export { parseModels } from './list-models.ts';
export { checkWireTables, toWireTables } from './pack-tables.ts';
export { type WirePositions, wirePositions, type WireTables } from './positions.ts';
export { summarizeRequest } from './request-array.ts';
export { digestTexts } from './request-digest.ts';
export { isModelRpc, type ModelRpc, type Rpc, type RpcNames, rpcNames, rpcOf } from './rpc.ts';
export { type FailedResponse, toStudioError } from './rpc-error.ts';
export { secretHeaders, secretPathsOf, withoutSecrets } from './secrets.ts';
export { fencedBlock } from './to-job-events.ts';
