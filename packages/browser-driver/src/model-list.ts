import { type Log, type ModelInfo, ModelList, names } from '@aistudio/core';
import { type Redis } from 'ioredis';

/** Publishes what a page learned about the models. An empty list is a page's trouble, not news. */
export async function publishModels(redis: Redis, models: ModelInfo[], log: Log): Promise<void> {
  if (models.length === 0) {
    log.warn('AI Studio sent an empty model list; the last one stays');
    return;
  }
  const list: ModelList = { at: Date.now(), models };
  await redis.set(names.models, JSON.stringify(list));
  log.info('model list published', { count: models.length });
}

/** A model's record in the published list, given as JSON; undefined when there is none. */
export function findModel(list: string | null, id: string): ModelInfo | undefined {
  if (list === null) return undefined;
  return ModelList.parse(JSON.parse(list)).models.find((model) => model.id === id);
}
