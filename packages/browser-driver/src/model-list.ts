import { readFileSync } from 'node:fs';

import {
  type ErrorRecord,
  type Log,
  type ModelInfo,
  type ModelList,
  names,
  parseModelList,
  StudioError,
  toErrorRecord,
} from '@aistudio/core';
import { type Redis } from 'ioredis';

/**
 * Reads the ids that are never offered: one a line, `#` begins a comment, `models/` may be left
 * out. Throws when the file cannot be read.
 */
export function readExcludedModels(file: string | undefined): ReadonlySet<string> {
  const text = file === undefined ? '' : readFileSync(file, 'utf8');
  const ids = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  return new Set(ids.filter(Boolean).map((id) => id.replace(/^models\//, '')));
}

/** Publishes what a page learned about the models. An empty list is a page's trouble, not news. */
export async function publishModels(
  redis: Redis,
  seen: readonly ModelInfo[],
  excluded: ReadonlySet<string>,
  log: Log,
): Promise<void> {
  if (seen.length === 0) {
    log.warn('AI Studio sent an empty model list; the last one stays');
    return;
  }
  const models = seen.filter(({ id }) => !excluded.has(id));
  const list: ModelList = { at: Date.now(), models };
  await redis.set(names.models, JSON.stringify(list));
  log.info('model list published', { count: models.length, excluded: seen.length - models.length });
}

/**
 * A model's record in the published list (its JSON), by its id or by an alias; undefined while
 * there is no list. Throws `model_not_found` when the list does not have it.
 */
export function findModel(list: string | null, id: string): ModelInfo | undefined {
  if (list === null) return undefined;
  const { models } = parseModelList(list);
  const found =
    models.find((model) => model.id === id) ?? models.find(({ aliases }) => aliases.includes(id));
  if (found) return found;
  throw new StudioError('model_not_found', `AI Studio's model list has no '${id}'.`, {
    param: 'model',
  });
}

/** What AI Studio answers to an account that may not use a model, in the words of our errors. */
const NOT_ALLOWED = /permission|api key|billing|subscription/i;

/**
 * A refusal of a model that is marked as being for paying accounts says so, and is no fault of the
 * service. The list does not tell which account may use it, so it shows only once it was asked.
 */
export function explainPaidModel(error: ErrorRecord, model: ModelInfo | undefined): ErrorRecord {
  if (!model?.paidOnly || error.code !== 'upstream_error' || !NOT_ALLOWED.test(error.message)) {
    return error;
  }
  const message = `The model '${model.id}' is for a paid API key or a subscription, which this account does not have. Link one in AI Studio, or choose another model. ${error.message}`;
  return toErrorRecord(new StudioError('invalid_value', message, { param: 'model' }));
}
