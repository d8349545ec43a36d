import { type ModelInfo, StudioError, whyUnusable } from '@aistudio/core';

const CLOSE_IDS = 3;

/** An id as clients write it, with or without `models/`, becomes the list's own spelling. */
export const withoutPrefix = (id: string): string => id.replace(/^models\//, '');

/** The models of a list that can be used to chat. */
export const usableModels = (models: readonly ModelInfo[]): ModelInfo[] =>
  models.filter((model) => whyUnusable(model) === undefined);

/**
 * The model of this id or alias, with or without `models/`. Throws `model_not_found` that names the
 * closest ids, for clients that never ask for the list (openai-behaviours W-08), and `invalid_value`
 * that says why for a model that AI Studio has but that cannot be used to chat.
 */
export function findModel(models: readonly ModelInfo[], id: string): ModelInfo {
  const wanted = withoutPrefix(id);
  const found =
    models.find((model) => model.id === wanted) ??
    models.find((model) => model.aliases.includes(wanted));
  if (found) {
    requireUsable(found);
    return found;
  }
  const close = closest(
    usableModels(models).map((model) => model.id),
    wanted,
  );
  throw new StudioError(
    'model_not_found',
    `The model '${id}' does not exist.${close.length > 0 ? ` Close to it: ${close.join(', ')}.` : ''} GET /v1/models lists all.`,
    { param: 'model' },
  );
}

/** Throws `invalid_value` that says why, where the model cannot be used to chat. */
export function requireUsable(model: ModelInfo): void {
  const reason = whyUnusable(model);
  if (reason === undefined) return;
  throw new StudioError(
    'invalid_value',
    `The model '${model.id}' cannot be used here: ${reason}. GET /v1/models lists those that can.`,
    { param: 'model' },
  );
}

/** The ids that share most letter pairs with `wanted`, best first. */
function closest(ids: readonly string[], wanted: string): string[] {
  const scored = ids.map((id) => ({ id, score: similarity(id, wanted.toLowerCase()) }));
  return scored
    .toSorted((a, b) => b.score - a.score)
    .slice(0, CLOSE_IDS)
    .map(({ id }) => id);
}

/** Dice's coefficient over letter pairs: 0 for nothing in common, 1 for the same pairs. */
function similarity(a: string, b: string): number {
  const [pairsOfA, pairsOfB] = [pairs(a), pairs(b)];
  const shared = [...pairsOfA].filter((pair) => pairsOfB.has(pair)).length;
  return (2 * shared) / (pairsOfA.size + pairsOfB.size || 1);
}

const pairs = (text: string): Set<string> =>
  new Set(Array.from(text.slice(1), (letter, index) => `${text[index]}${letter}`));
