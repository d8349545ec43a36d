import { type ModelList } from '@aistudio/core';

import { withoutPrefix } from './find-model.ts';

/** Names that clients have wired in though AI Studio has dropped them, and their successors. */
const SUCCESSORS: Readonly<Record<string, string>> = {
  'gemini-pro': 'gemini-2.5-pro',
  'gemini-pro-latest': 'gemini-2.5-pro',
  'gemini-pro-vision': 'gemini-2.5-pro',
  'gemini-1.5-pro': 'gemini-2.5-pro',
  'gemini-1.5-pro-latest': 'gemini-2.5-pro',
  'gemini-2.0-pro-exp': 'gemini-2.5-pro',
  'gemini-2.0-pro-exp-02-05': 'gemini-2.5-pro',
  'gemini-exp-1206': 'gemini-2.5-pro',
  'gemini-2.5-pro-latest': 'gemini-2.5-pro',
  'gemini-2.5-pro-preview': 'gemini-2.5-pro',
  'gemini-2.5-pro-preview-03-25': 'gemini-2.5-pro',
  'gemini-2.5-pro-preview-05-06': 'gemini-2.5-pro',
  'gemini-2.5-pro-preview-06-05': 'gemini-2.5-pro',
  'gemini-2.5-pro-exp-03-25': 'gemini-2.5-pro',
  'gemini-flash': 'gemini-2.5-flash',
  'gemini-flash-latest': 'gemini-2.5-flash',
  'gemini-1.5-flash': 'gemini-2.5-flash',
  'gemini-1.5-flash-latest': 'gemini-2.5-flash',
  'gemini-2.0-flash-exp': 'gemini-2.5-flash',
  'gemini-2.5-flash-latest': 'gemini-2.5-flash',
  'gemini-2.5-flash-preview': 'gemini-2.5-flash',
  'gemini-2.5-flash-preview-04-17': 'gemini-2.5-flash',
  'gemini-2.5-flash-preview-05-20': 'gemini-2.5-flash',
  'gemini-2.5-flash-preview-09-2025': 'gemini-2.5-flash',
  'gemini-flash-lite-latest': 'gemini-2.5-flash-lite',
  'gemini-1.5-flash-8b': 'gemini-2.5-flash-lite',
  'gemini-2.5-flash-lite-preview-06-17': 'gemini-2.5-flash-lite',
  'gemini-2.5-flash-lite-preview-09-2025': 'gemini-2.5-flash-lite',
  'gemini-3-pro': 'gemini-3-pro-preview',
  'gemini-3-flash': 'gemini-3-flash-preview',
};

/**
 * The list with more aliases: the `configured` ones, which win over AI Studio's own, and old names,
 * which yield to them. A name that is a model's id stays that model's.
 */
export function withAliases(
  list: ModelList,
  configured: Readonly<Record<string, string>>,
): ModelList {
  const meaning = new Map(Object.entries(SUCCESSORS));
  for (const { id, aliases } of list.models) for (const alias of aliases) meaning.set(alias, id);
  for (const [alias, id] of Object.entries(configured)) {
    meaning.set(withoutPrefix(alias), withoutPrefix(id));
  }
  for (const { id } of list.models) meaning.delete(id);
  const names = [...meaning];
  return {
    ...list,
    models: list.models.map((model) => ({
      ...model,
      aliases: names.flatMap(([alias, id]) => (id === model.id ? [alias] : [])),
    })),
  };
}
