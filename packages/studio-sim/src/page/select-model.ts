import { showModelInAddress } from './addresses.ts';
import { type App } from './app.ts';
import { type Chat } from './chat.ts';
import { h } from './dom.ts';
import { type Model } from './model-record.ts';
import { msButton } from './ms-button.ts';
import { dialogBody, type Overlay } from './overlays.ts';
import { preferences } from './preferences.ts';
import { withModel } from './settings.ts';

/** What choosing a model does (page.md §6.1). */
export function createModelChoice(app: App, chat: Chat): (model: Model) => void {
  const { live, settings, variant } = app;
  const choose = (model: Model): void => {
    preferences.save({ promptModel: `models/${model.id}` });
    if (variant === 'u3') showModelInAddress(model.id);
    settings.set(withModel(settings.value, model));
  };
  return (model) => {
    if (live.take('model-switch-ignored')) return;
    const reason = reasonToAsk(app, chat);
    if (reason !== undefined && live.take('switch-model-dialog'))
      askToSwitch(app, reason, () => choose(model));
    else choose(model);
  };
}

/** What would be lost with another model. */
function reasonToAsk({ settings }: App, chat: Chat): string | undefined {
  if (chat.turnCount > 0)
    return 'Switching to this model will start a new chat. Content in current chat will be lost.';
  if (settings.value.systemInstruction !== '')
    return 'Switching to this model will remove the system instructions from your prompt.';
  return undefined;
}

function askToSwitch({ overlays }: App, reason: string, onContinue: () => void): void {
  const answer = (isContinued: boolean) => () => {
    overlay.close();
    if (isContinued) onContinue();
  };
  const overlay: Overlay = overlays.dialog(
    dialogBody(
      'Switch model?',
      h('p', {}, `${reason} Do you want to continue?`),
      msButton('button[aria-label="Cancel"]', 'borderless', { onClick: answer(false) }, 'Cancel'),
      msButton('button[aria-label="Continue"]', 'primary', { onClick: answer(true) }, 'Continue'),
    ),
  );
}
