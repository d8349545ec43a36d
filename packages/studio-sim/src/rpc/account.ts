import { message, numberAt } from '../wire/message.ts';
import { RPC_ERRORS } from '../wire/rpc-error.ts';
import { replyArray, type RpcMethod } from './rpc-call.ts';

/** Whether a new account has chosen what Enter does: 0, it has not (wire-format.md §3). */
const UNSET = 0;
const SAVED_PROMPTS = ['A saved chat', 'Another saved chat'];

/** `GetUserPreferences`: `[0]` is what Enter does. */
export const getUserPreferences: RpcMethod = async (call) => {
  replyArray(call, [call.sim.account.enterKeyBehavior || UNSET]);
};

/** `UpdateUserPreferences`: `[preferences, [[field name]]]`. */
export const updateUserPreferences: RpcMethod = async (call) => {
  const behavior = numberAt(call.request, 0, 0);
  if (behavior === undefined) throw RPC_ERRORS.invalid('The preferences are missing.');
  call.sim.account.enterKeyBehavior = behavior;
  replyArray(call, []);
};

/** `ListPrompts`: `[page size]` → prompts with name, metadata and no turns (wire-format.md §3, §10). */
export const listPrompts: RpcMethod = async (call) => {
  const size = numberAt(call.request, 0) ?? SAVED_PROMPTS.length;
  const prompts = SAVED_PROMPTS.slice(0, size).map((title, index) =>
    message({ 0: `prompts/sim-saved-${index}`, 4: [title], 13: [] }),
  );
  replyArray(call, [prompts]);
};
