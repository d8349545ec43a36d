import { numberAt } from '../wire/message.ts';
import { pathOf } from './addresses.ts';
import { type App } from './app.ts';
import { type Model, readModels } from './model-record.ts';
import { preferences } from './preferences.ts';
import { withModel } from './settings.ts';

/** What the page writes when the account never chose what Enter does: Ctrl+Enter sends. */
const CTRL_ENTER = 2;

/**
 * Loads what the page needs from the service (wire-format.md §3), then shows the model it is to
 * use: that of the address, that of the preferences, or the list's default.
 */
export async function startUp(app: App): Promise<void> {
  if (leaveForError(app)) return;
  const quietly = async (method: string, request: unknown): Promise<unknown> =>
    app.rpc.call(method, request).catch(() => undefined); // the page works without
  void quietly('GenerateAccessToken', ['users/me']);
  void quietly('GetLoggingContext', []);
  void quietly('GetAiStudioBenefitTier', []);
  void quietly('ListPrompts', [100]);
  void loadEnterKey(quietly);
  const models = readModels(await app.rpc.call('ListModels', []).catch(() => [[]]));
  app.models.set(models);
  const query = new URLSearchParams(location.search);
  const model = askedModel(app, models, query.get('model')) ?? startModel(app, models);
  const systemInstruction = query.get('instructions') ?? '';
  if (app.variant !== 'u3') history.replaceState(null, '', location.pathname);
  if (model) app.settings.set({ ...withModel(app.settings.value, model), systemInstruction });
}

/** A page that may not start goes to an address that says so (page.md §1). */
function leaveForError({ live }: App): boolean {
  for (const [fault, route] of [
    ['access-restricted', '/403'],
    ['start-internal-error', '/500'],
    ['start-error', '/520'],
  ] as const)
    if (live.take(fault)) {
      location.replace(pathOf(route));
      return true;
    }
  return false;
}

/** What Enter does is kept with the account; where nothing is kept, the page keeps its own default. */
async function loadEnterKey(
  call: (method: string, request: unknown) => Promise<unknown>,
): Promise<void> {
  const kept = numberAt(await call('GetUserPreferences', []), 0) ?? 0;
  if (kept === 0) await call('UpdateUserPreferences', [[CTRL_ENTER], [['enter_key_behavior']]]);
  if (preferences.value.enterKeyBehavior === 0)
    preferences.save({ enterKeyBehavior: kept || CTRL_ENTER });
}

/** The model of the address, by its id or a former one. */
function askedModel(
  { toasts }: App,
  models: readonly Model[],
  asked: string | null,
): Model | undefined {
  if (asked === null || models.length === 0) return undefined;
  const exact = models.find(({ id }) => id === asked);
  if (exact) return exact;
  for (const model of models) {
    const alias = model.aliases.find(({ id }) => id === asked);
    if (alias && !alias.isSilent) toasts.show('info', 'Model changed');
    if (alias) return model;
  }
  toasts.show(
    'warning',
    'The specified model was not recognized. The default model will be used.',
    'Ignoring specified model',
  );
  return undefined;
}

function startModel({ live }: App, models: readonly Model[]): Model | undefined {
  if (live.isOn('starts-paid')) {
    const paid = models.find(({ isPaid }) => isPaid);
    if (paid) return paid;
  }
  const preferred = preferences.value.promptModel?.replace(/^models\//, '');
  return (
    models.find(({ id }) => id === preferred) ??
    models.find(({ isDefault }) => isDefault) ??
    models[0]
  );
}
