import { type ModelSpec } from '../wire/encode-model.ts';
import { stringAt } from '../wire/message.ts';
import { RPC_ERRORS } from '../wire/rpc-error.ts';
import { MODELS } from './models.ts';
import { replyArray, type RpcMethod } from './rpc-call.ts';

/** The one cloud project of the simulated account. */
export const PROJECT = 'projects/100000000001';
/** Tier of an account that does not pay. */
export const FREE_TIER = 20;

/** Numbers of the quota tables (wire-format.md §3). */
const RESOURCE = { requests: 1, tokens: 2 } as const;
const WINDOW = { minute: 1, day: 2 } as const;
const CATEGORY = { gemma: 1, text: 4 } as const;
const CHAT = 1;

/** Whether the quota tables list the model. */
export function isText({ capabilities, transport }: ModelSpec): boolean {
  return capabilities.includes(CHAT) && !transport;
}

/** A row of ListQuotaModels. */
export function toQuotaModel(model: ModelSpec): unknown[] {
  const resources = [[RESOURCE.requests, RESOURCE.tokens], [RESOURCE.requests]];
  return [
    model.id,
    null,
    categoryOf(model),
    model.name,
    [[`models/${model.id}`, ...resources]],
    model.name,
  ];
}

/** `ListModelRateLimits`: `[project]` → rows of limits (wire-format.md §3). */
export const listModelRateLimits: RpcMethod = async (call) => {
  if (stringAt(call.request, 0) !== PROJECT) throw RPC_ERRORS.denied();
  const rows = MODELS.filter(isText).flatMap((model) => {
    const row = (resource: number, window: number, limit: number): unknown[] => [
      model.id,
      FREE_TIER,
      resource,
      window,
      [String(limit)],
      categoryOf(model),
      ...(model.id.includes('preview') ? [1] : []),
    ];
    return [
      row(RESOURCE.requests, WINDOW.minute, 10),
      row(RESOURCE.tokens, WINDOW.minute, 250_000),
      row(RESOURCE.requests, WINDOW.day, 250),
    ];
  });
  replyArray(call, [rows]);
};

function categoryOf({ id }: ModelSpec): number {
  return id.startsWith('gemma') ? CATEGORY.gemma : CATEGORY.text;
}
