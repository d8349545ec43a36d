import { readFileSync } from 'node:fs';

import {
  type ErrorRecord,
  keepModelList,
  type Log,
  type ModelInfo,
  ModelList,
  names,
  publishModelList,
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

/** How often to make sure that Redis has the list, ms: it may come back empty. */
const KEEP_MS = 2000;

/** The models that this worker's account is offered. */
export interface AccountModels extends Disposable {
  /** Undefined while they are not known. */
  readonly current: readonly ModelInfo[] | undefined;
  /** Takes in what a page was told. An empty list is a page's trouble, not news. */
  learn(seen: readonly ModelInfo[]): void;
}

/** What keeping them takes. */
export interface AccountModelsOptions {
  readonly redis: Redis;
  /** Whose they are, at present. */
  readonly account: () => string;
  /** Ids that are never offered. */
  readonly excluded: ReadonlySet<string>;
  readonly log: Log;
}

/** Keeps the account's models, and keeps them published; begins with what was published before. */
export async function openAccountModels(options: AccountModelsOptions): Promise<AccountModels> {
  const { redis, account, excluded, log } = options;
  const stored = await redis.get(names.models(account()));
  let known = stored === null ? undefined : { owner: account(), list: readStored(stored) };

  const keep = async (): Promise<void> => {
    if (!known?.list || known.owner !== account()) return;
    const { owner, list } = known;
    if (!(await keepModelList(redis, owner))) await publishModelList(redis, owner, list);
  };
  const timer = setInterval(() => {
    keep().catch((error: unknown) => log.debug('model list not kept', { error }));
  }, KEEP_MS);
  return {
    get current() {
      return known?.owner === account() ? known.list?.models : undefined;
    },
    learn(seen) {
      if (seen.length === 0) {
        log.warn('AI Studio sent an empty model list; the last one stays');
        return;
      }
      const models = seen.filter(({ id }) => !excluded.has(id));
      const list = { at: Date.now(), models };
      known = { owner: account(), list };
      const count = { count: models.length, excluded: seen.length - models.length };
      publishModelList(redis, known.owner, list).then(
        () => void log.info('model list published', count),
        (error: unknown) => void log.warn('model list not published', { error }),
      );
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** What another version published is no list. */
function readStored(text: string): ModelList | undefined {
  return ModelList.safeParse(JSON.parse(text)).data;
}

/**
 * A model's record by its id or by an alias; undefined while the models are not known. Throws
 * `model_not_found` when there is none.
 */
export function findModel(
  models: readonly ModelInfo[] | undefined,
  id: string,
): ModelInfo | undefined {
  if (!models) return undefined;
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
  return toErrorRecord(
    new StudioError('invalid_value', message, {
      param: 'model',
      logged: `The model '${model.id}' is for a paid API key or a subscription.`,
    }),
  );
}
