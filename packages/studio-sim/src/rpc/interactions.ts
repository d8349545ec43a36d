import { randomBytes } from 'node:crypto';

import { toEvents } from '../answer/to-events.ts';
import { attestText } from '../wire/attestation.ts';
import { encodeEvent, INTERACTION_STATUS } from '../wire/encode-event.ts';
import { type DecodedInteraction, decodeInteraction } from '../wire/interaction-request.ts';
import { message, stringAt } from '../wire/message.ts';
import { RPC_ERRORS, toStatus } from '../wire/rpc-error.ts';
import { serialize } from '../wire/serialize.ts';
import { countTokens } from '../wire/tokens.ts';
import { chooseDirective, isAnsweredByFault, throwFaults } from './answer-faults.ts';
import { findModel } from './check-request.ts';
import { type Interaction } from './interaction-store.ts';
import { replyArray, type RpcCall, type RpcMethod } from './rpc-call.ts';
import { type AnswerBody, deliveryOf, streamAnswer, toPieces } from './stream-answer.ts';

/** `CreateInteractionStream`: asks a model over Interactions and streams its events. */
export const createInteractionStream: RpcMethod = async (call) => {
  const interaction = await accept(call, { isBackground: false });
  if (!interaction) return;
  await sendEvents(call, call.sim.interactions.add(interaction), interaction);
};

/** `CreateInteraction`: the same in the background; the reply is the interaction's id and status. */
export const createInteraction: RpcMethod = async (call) => {
  const interaction = await accept(call, { isBackground: true });
  if (!interaction) return;
  const id = call.sim.interactions.add(interaction);
  replyArray(call, message({ 0: id, 1: INTERACTION_STATUS.inProgress }));
};

/** `GetInteractionStream`: streams the events of an interaction that goes on in the background. */
export const getInteractionStream: RpcMethod = async (call) => {
  const id = stringAt(call.request, 0) ?? '';
  const interaction = call.sim.interactions.get(id);
  if (!interaction) throw RPC_ERRORS.notFound('Interaction not found.');
  if (stringAt(call.request, 4) !== (await attestText(id))) throw RPC_ERRORS.denied();
  call.entry.decoded = { id };
  await sendEvents(call, id, interaction);
};

/** `CancelInteraction`, on Stop: `["interactions/<id>"]`. */
export const cancelInteraction: RpcMethod = async (call) => {
  const id = stringAt(call.request, 0)?.replace(/^interactions\//, '') ?? '';
  call.entry.decoded = { id };
  if (!call.sim.interactions.cancel(id)) throw RPC_ERRORS.notFound('Interaction not found.');
  replyArray(call, []);
};

/** Checks a request and chooses its answer; undefined: a fault has answered already. */
async function accept(
  call: RpcCall,
  { isBackground }: { readonly isBackground: boolean },
): Promise<Interaction | undefined> {
  const { request: array, entry, sim } = call;
  const decoded = decodeInteraction(array, (id) => sim.interactions.get(id)?.request.contents);
  const isAttested = stringAt(array, 4) === (await attestText(decoded.attested));
  entry.decoded = {
    ...decoded.request,
    previousId: decoded.previousId ?? null,
    attestation: isAttested ? 'valid' : 'invalid',
  };
  if (isAnsweredByFault(call)) return undefined;
  checkInteraction(call, decoded, isBackground);
  if (!isAttested) throw RPC_ERRORS.denied();
  throwFaults(call);
  return { request: decoded.request, directive: chooseDirective(call, decoded.request) };
}

function checkInteraction(
  { sim }: RpcCall,
  { request, previousId, isBackground }: DecodedInteraction,
  isExpectedInBackground: boolean,
): void {
  const model = findModel(request.model);
  if (!model) throw RPC_ERRORS.notFound(`models/${request.model} is not found.`);
  if (!model.transport) throw RPC_ERRORS.invalid('This model is not asked over Interactions.');
  if (isBackground !== isExpectedInBackground)
    throw RPC_ERRORS.invalid('The call and its background flag contradict each other.');
  if (previousId !== undefined && !sim.interactions.get(previousId))
    throw RPC_ERRORS.notFound('The previous interaction is not found.');
  if (request.contents.length === 0) throw RPC_ERRORS.invalid('The input is missing.');
}

async function sendEvents(call: RpcCall, id: string, kept: Interaction): Promise<void> {
  const { directive, request } = kept;
  const delivery = deliveryOf(directive, call.sim.switches);
  const events = toEvents(directive, {
    id,
    model: `models/${request.model}`,
    promptTokens: countTokens(`${request.systemInstruction ?? ''}${request.text}`),
    callId: () => `call_${randomBytes(4).toString('hex')}`,
  }).map(encodeEvent);
  const { status } = directive;
  const pieces = toPieces(status ? events.slice(0, status.afterFrames) : events, delivery);
  const end = status ? serialize(toStatus(status), delivery) : '';
  const ending = status ? (pieces.length === 0 ? `[,${end}]` : `],${end}]`) : ']]';
  const body: AnswerBody = { pieces, ending };
  await streamAnswer(call, directive, delivery, body);
}
