import { type App } from './app.ts';
import { type Autosave } from './autosave.ts';
import { type Chat } from './chat.ts';
import { button, delay, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
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
  const { marks, runState, overlays, live } = app;
  const start = (): void => {
    if (chat.turnCount === 0 || autosave.isSaved) return onNewChat();
    const overlay = overlays.dialog(
      dialogBody(
        'Discard this chat?',
        h('p', {}, 'What is not saved will be lost.'),
        h('button.ms-button-borderless', { onClick: () => overlay.close() }, 'Cancel'),
        h(marks.discard, { onClick: () => void discard(overlay) }, 'Discard and continue'),
      ),
    );
  };
  const discard = async (overlay: Overlay): Promise<void> => {
    overlay.close();
    await delay(live.timing.dialogClose);
    onNewChat();
  };
  const element = button(marks.newChat, { type: 'button', onClick: start }, icon('add'));
  const show = (): void => {
    const isUntouched = chat.turnCount === 0 && prompt.text.value === '';
    setAttribute(element, 'disabled', isUntouched || runState.value === 'generating');
  };
  chat.watch(show);
  prompt.text.watch(show);
  runState.watch(show);
  return element;
}
