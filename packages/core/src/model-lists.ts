import { type Redis } from 'ioredis';
import { z } from 'zod';

import { ModelList } from './models.ts';
import { defineScript } from './redis-script.ts';
import { names } from './redis.ts';

/** How long an account's list outlives its last worker, ms: a restart does not empty it. */
const KEEP_MS = 60_000;

const keep = defineScript(
  'aistudioKeepModelList',
  `
  redis.call('SADD', KEYS[1], ARGV[1])
  return redis.call('PEXPIRE', KEYS[2], ${KEEP_MS})`,
);

const publish = defineScript(
  'aistudioPublishModelList',
  `
  redis.call('SADD', KEYS[1], ARGV[1])
  redis.call('SET', KEYS[2], ARGV[2], 'PX', ${KEEP_MS})`,
);

const readAll = defineScript(
  'aistudioReadModelLists',
  `
  local lists = {}
  for _, account in ipairs(redis.call('SMEMBERS', KEYS[1])) do
    local list = redis.call('GET', ARGV[1] .. account)
    if list then
      table.insert(lists, list)
    else
      redis.call('SREM', KEYS[1], account)
    end
  end
  return lists`,
);

/** Publishes the models that one account is offered; gone a minute after the last call of {@link keepModelList}. */
export async function publishModelList(
  redis: Redis,
  account: string,
  list: ModelList,
): Promise<void> {
  const keys = [names.accounts, names.models(account)];
  await publish(redis, keys, [account, JSON.stringify(list)]);
}

/** Keeps an account's published list. False: Redis does not have it (any more), so it must be published. */
export async function keepModelList(redis: Redis, account: string): Promise<boolean> {
  return (await keep(redis, [names.accounts, names.models(account)], [account])) === 1;
}

/**
 * What all accounts with a live worker are offered together; undefined while none has published a list.
 * The newest list decides about a model that several have.
 */
export async function readModelList(redis: Redis): Promise<ModelList | undefined> {
  const texts = z
    .array(z.string())
    .parse(await readAll(redis, [names.accounts], [names.models('')]));
  const lists = texts.map(parse).toSorted((one, other) => other.at - one.at);
  forgetOthers(texts);
  const [newest, ...others] = lists;
  if (!newest || others.length === 0) return newest;
  const models = new Map(newest.models.map((model) => [model.id, model]));
  for (const model of others.flatMap((list) => list.models)) {
    if (!models.has(model.id)) models.set(model.id, model);
  }
  return { at: newest.at, models: [...models.values()] };
}

/** Every request asks for the lists, and they hardly ever change. */
const parsed = new Map<string, ModelList>();

/** A list from its JSON: not to be modified. Throws when it is of another shape. */
function parse(text: string): ModelList {
  const list = parsed.get(text) ?? ModelList.parse(JSON.parse(text));
  parsed.set(text, list);
  return list;
}

function forgetOthers(texts: readonly string[]): void {
  for (const text of parsed.keys()) if (!texts.includes(text)) parsed.delete(text);
}
