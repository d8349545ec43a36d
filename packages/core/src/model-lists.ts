import { type Redis } from 'ioredis';

import { readEntries, writeEntry } from './expiring-entries.ts';
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

const LISTS = { index: names.accounts, keyOf: names.models };

/** Publishes the models that one account is offered; gone a minute after the last call of {@link keepModelList}. */
export async function publishModelList(
  redis: Redis,
  account: string,
  list: ModelList,
): Promise<void> {
  await writeEntry(redis, LISTS, account, JSON.stringify(list), KEEP_MS);
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
  const texts = await readEntries(redis, LISTS);
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
