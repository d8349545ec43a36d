import { type App } from './app.ts';
import { type Autosave } from './autosave.ts';
import { type Chat } from './chat.ts';
import { delay, h } from './dom.ts';
import { iconButton, msButton, setDisabled } from './ms-button.ts';
import { dialogBody, type Overlay } from './overlays.ts';
import { type PromptBox } from './prompt-box.ts';

/** The New chat button: asks before it throws away what is not saved (page.md §8). */
export function createNewChatButton(
  app: App,
  chat: Chat,
  prompt: PromptBox,
  autosave: Autosave,
  onNewChat: () => void,
): HTMLElement {
  const { marks, runState, overlays, live, effects } = app;
  const begin = async (overlay?: Overlay): Promise<void> => {
    overlay?.close();
    if (overlay) await delay(live.timing.dialogClose);
    effects.after(onNewChat);
  };
  const start = (): void => {
    if (live.take('unsaved-changes'))
      return showUnsavedChanges(app, (overlay) => void begin(overlay));
    if (chat.turnCount === 0 || autosave.isSaved) return void begin();
    const overlay = overlays.dialog(
      dialogBody(
        'Create a new chat',
        h('p', {}, 'Content of your current prompt will be deleted, this action cannot be undone.'),
        msButton(
          'button[aria-label="Cancel"]',
          'borderless',
          { onClick: () => overlay.close() },
          'Cancel',
        ),
        msButton(
          marks.discard,
          'primary',
          { onClick: () => void begin(overlay) },
          'Discard and continue',
        ),
      ),
    );
  };
  const element = iconButton(marks.newChat, 'add', { onClick: start });
  element.classList.add('mat-mdc-tooltip-trigger');
  const show = (): void => {
    const isUntouched = chat.turnCount === 0 && prompt.text.value === '';
    const isGenerating = runState.value === 'generating';
    setDisabled(element, isUntouched || isGenerating);
    element.title = isGenerating
      ? 'Stop generation before creating a new chat'
      : isUntouched
        ? 'Already in a new chat'
        : 'New chat';
  };
  chat.watch(() => effects.after(show));
  effects.follow(prompt.text, show);
  effects.follow(runState, show);
  return element;
}

/** What the router's guard asks before it leaves a page (page.md §8). */
function showUnsavedChanges({ overlays }: App, onLeave: (overlay: Overlay) => void): void {
  const overlay: Overlay = overlays.dialog(
    h(
      'ms-unsaved-changes-dialog',
      {},
      dialogBody(
        'Unsaved Changes',
        h('div.v3-font-body.content', {}, 'You have unsaved changes.'),
        msButton(
          'button[aria-label="Cancel"]',
          'borderless',
          { onClick: () => overlay.close() },
          'Cancel',
        ),
        msButton(
          'button[aria-label="Leave"]',
          'primary',
          { onClick: () => onLeave(overlay) },
          ' Leave ',
        ),
      ),
    ),
  );
}
