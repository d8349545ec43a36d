import { randomBytes } from 'node:crypto';

import { type Delivery, type Directive } from '../answer/directive.ts';
import { toFrames } from '../answer/to-frames.ts';
import { attest } from '../wire/attestation.ts';
import { encodeFrame, metadataFrame } from '../wire/encode-frame.ts';
import { at, stringAt } from '../wire/message.ts';
import { type DecodedRequest, decodeRequest } from '../wire/request-array.ts';
import { RPC_ERRORS, toStatus } from '../wire/rpc-error.ts';
import { serialize } from '../wire/serialize.ts';
import { countTokens } from '../wire/tokens.ts';
import { chooseDirective, isAnsweredByFault, throwFaults } from './answer-faults.ts';
import { checkRequest, findModel } from './check-request.ts';
import { type RpcCall } from './rpc-call.ts';
import { type AnswerBody, deliveryOf, streamAnswer, toPieces } from './stream-answer.ts';

/** `GenerateContent`: checks the request as the service would, then streams the chosen answer. */
export async function generateContent(call: RpcCall): Promise<void> {
  const { request, entry, sim } = call;
  const decoded = decodeRequest(request, sim.drive);
  const isAttested = stringAt(request, 4) === (await attest(at(request, 1)));
  entry.decoded = { ...decoded, attestation: isAttested ? 'valid' : 'invalid' };
  if (isAnsweredByFault(call)) return;
  checkRequest(request, decoded, sim.switches.options.requireSignatures);
  if (!isAttested) throw RPC_ERRORS.denied();
  throwFaults(call);
  const directive = chooseDirective(call, decoded);
  const delivery = deliveryOf(directive, sim.switches);
  await streamAnswer(call, directive, delivery, bodyOf(directive, decoded, delivery));
}

function bodyOf(directive: Directive, request: DecodedRequest, delivery: Delivery): AnswerBody {
  const { rawChunks, status } = directive;
  if (rawChunks)
    return { pieces: rawChunks.map((chunk) => Buffer.from(chunk, 'base64')), ending: '' };
  const frames = framesOf(directive, request, delivery);
  const sent = status ? frames.slice(0, status.afterFrames) : frames;
  const pieces = toPieces(sent, delivery);
  if (!status) return { pieces, ending: `,${serialize(metadataFrame(Date.now()), delivery)}]]` };
  const ending = serialize(toStatus(status), delivery);
  return { pieces, ending: pieces.length === 0 ? `[,${ending}]` : `],${ending}]` };
}

function framesOf(directive: Directive, request: DecodedRequest, style: Delivery): unknown[][] {
  const responseId = `v1_${randomBytes(12).toString('base64url')}`;
  const frames = toFrames(directive, {
    promptTokens: countTokens(`${request.systemInstruction ?? ''}${request.text}`),
    signs: Boolean(findModel(request.model)?.thinking),
    callId: () => `call_${randomBytes(4).toString('hex')}`,
  });
  return frames.map((frame) => encodeFrame(frame, responseId, style));
}
