import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import { TIMINGS } from '../timing.ts';
import { encodeModel } from '../wire/encode-model.ts';
import { at, listAt, stringAt } from '../wire/message.ts';
import { decodeSystem } from '../wire/request-array.ts';
import { RPC_ERRORS } from '../wire/rpc-error.ts';
import { countTokens } from '../wire/tokens.ts';
import { listPrompts, getUserPreferences, updateUserPreferences } from './account.ts';
import { generateContent } from './generate-content.ts';
import {
  cancelInteraction,
  createInteraction,
  createInteractionStream,
  getInteractionStream,
} from './interactions.ts';
import { MODELS } from './models.ts';
import { FREE_TIER, isText, listModelRateLimits, PROJECT, toQuotaModel } from './quota.ts';
import { replyArray, type RpcMethod } from './rpc-call.ts';

const LATE_MS = 30_000;

/** `ListModels` (wire-format.md §9). */
const listModels: RpcMethod = async (call) => {
  const { switches } = call.sim;
  if (switches.take('model-list-unauthorized')) throw RPC_ERRORS.unauthenticated();
  const isLate = switches.take('model-list-late');
  const ms = isLate ? LATE_MS : TIMINGS[switches.options.timing].listModels;
  await setTimeout(ms, undefined, { signal: call.exchange.signal });
  replyArray(call, [switches.take('empty-model-list') ? [] : MODELS.map(encodeModel)]);
};

/** `CountTokens` in its short and its full form (wire-format.md §7). */
const countTokensMethod: RpcMethod = async (call) => {
  if (call.sim.switches.take('count-tokens-fails')) throw RPC_ERRORS.internal();
  const full = at(call.request, 2);
  const contents = listAt(full ?? call.request, 1);
  const texts = contents.flatMap((content) =>
    listAt(content, 0).map((part) => stringAt(part, 1) ?? ''),
  );
  const tools = listAt(full, 6);
  const total =
    countTokens(texts.join('\n')) +
    countTokens(decodeSystem(at(full, 5)) ?? '') +
    (tools.length > 0 ? countTokens(JSON.stringify(tools)) : 0);
  call.entry.decoded = { model: stringAt(call.request, 0)?.replace(/^models\//, ''), total };
  replyArray(call, [total, null, null, null, null, [[1, total]]]);
};

const generateAccessToken: RpcMethod = async (call) => {
  if (call.sim.switches.take('drive-unauthorized')) throw RPC_ERRORS.driveUnauthorized();
  replyArray(call, ['simulated-drive-token']);
};

/** A new saved prompt has an id of its own (wire-format.md §10). */
const createPrompt: RpcMethod = async (call) =>
  replyArray(call, [`prompts/${randomBytes(16).toString('base64url')}`]);

const stub =
  (array: unknown): RpcMethod =>
  async (call) =>
    replyArray(call, array);

/** Every method the simulator serves; others are not found (wire-format.md §3). */
export const METHODS: ReadonlyMap<string, RpcMethod> = new Map([
  ['ListModels', listModels],
  ['CountTokens', countTokensMethod],
  ['GenerateContent', generateContent],
  ['GenerateAccessToken', generateAccessToken],
  ['GetAppFolder', stub(['simulated-drive-folder'])],
  ['GetLoggingContext', stub(['c2ltdWxhdG9y'])],
  ['GetAiStudioBenefitTier', stub([])],
  ['CheckImage', stub([])],
  ['CreatePrompt', createPrompt],
  ['UpdatePrompt', stub([])],
  ['DeletePrompt', stub([])],
  ['ListPrompts', listPrompts],
  ['CreateInteractionStream', createInteractionStream],
  ['CreateInteraction', createInteraction],
  ['GetInteractionStream', getInteractionStream],
  ['CancelInteraction', cancelInteraction],
  ['GetUserPreferences', getUserPreferences],
  ['UpdateUserPreferences', updateUserPreferences],
  ['ListCloudProjects', stub([[[PROJECT, 'sim-client', 'Simulated project', [], 1, FREE_TIER]]])],
  ['ListQuotaModels', stub([MODELS.filter(isText).map(toQuotaModel)])],
  ['ListModelRateLimits', listModelRateLimits],
  ['GenerateTitle', stub(['Simulated chat'])],
]);
