import { type Log, type ModelInfo, StudioError } from '@aistudio/core';

import { type DesiredSettings } from './desired-settings.ts';
import { PageError } from './page-error.ts';
import { type PanelChange, type PanelState } from './panel-state.ts';
import { type StudioPage } from './studio-page.ts';

/**
 * Chooses the model in the page's list or, where that fails, by the page's address. Gives what the
 * panel shows then. Throws `model_not_found` only where no list but the page's own knows the model.
 */
export async function chooseModel(
  page: StudioPage,
  wanted: DesiredSettings,
  model: ModelInfo | undefined,
  signal: AbortSignal,
  log: Log,
): Promise<PanelState> {
  const { modelId: id, modelTitle: title } = wanted;
  const pick: PanelChange = { type: 'model', id, ...(title ? { title } : {}) };
  const picked = page.lacksPicker ? NO_PICKER : await page.changePanel([pick], signal);
  const { problem } = picked;
  if (!problem) return picked.state;
  page.lacksPicker = problem.kind === 'missing' || problem.detail === 'modelTrigger';
  if (problem.kind === 'disabled') throw notForThisAccount(id, problem.detail);
  if (problem.kind === 'unlisted' && !model) throw notListed(id);
  log.warn('the model could not be picked, opening the page with it', { problem });
  await page.openModel(id, signal);
  const shown = await page.readPanel(signal);
  if (isChosen(page, shown, wanted)) return shown;
  throw new PageError('pick the model', `${problem.kind} (${problem.detail})`);
}

/** What a page comes to on which there was nothing to pick a model by. */
const NO_PICKER = {
  state: { numbers: {}, toggles: {} },
  problem: { index: 0, kind: 'missing', detail: 'modelTrigger' },
} as const;

/** What names the model on the page, if anything does. */
const shownModel = (state: PanelState): string | undefined => state.modelId ?? state.modelTitle;

/** Where the page names no model at all, the one in its address counts; the wire has the last word. */
export const isChosen = (page: StudioPage, state: PanelState, wanted: DesiredSettings): boolean =>
  shownModel(state) === undefined ? page.addressedModel === wanted.modelId : isModel(state, wanted);

/** Takes the title that the page shows for the chosen model for its title. */
export const withTitle = (
  wanted: DesiredSettings,
  { modelId, modelTitle }: PanelState,
): DesiredSettings =>
  modelId === undefined && modelTitle !== undefined ? { ...wanted, modelTitle } : wanted;

const notListed = (id: string): StudioError =>
  new StudioError('model_not_found', `AI Studio's model list has no '${id}'.`, { param: 'model' });

const notForThisAccount = (id: string, words: string): StudioError =>
  new StudioError(
    'invalid_value',
    `AI Studio does not let this account choose '${id}'${words === '' ? '' : ` (${words})`}: it may need a paid API key or a subscription. Take another model.`,
    { param: 'model' },
  );

/** A page that names no model has none that could be wrong: the wire has the last word. */
export const isModel = (state: PanelState, { modelId, modelTitle }: DesiredSettings): boolean =>
  state.modelId === undefined
    ? state.modelTitle === undefined || [modelTitle, modelId].includes(state.modelTitle)
    : state.modelId === modelId;
