import { type App } from './app.ts';
import { type Chat } from './chat.ts';
import { button, delay, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';

/** Switches the temporary chat after the moment the page takes; refused once the chat has turns. */
export async function toggleTemporaryChat({ live, isTemporary }: App, chat: Chat): Promise<void> {
  await delay(live.timing.temporaryChat);
  if (chat.turnCount === 0) isTemporary.set(!isTemporary.value);
}

/** The toggle in the toolbar of the older generations (page.md §8). */
export function createTemporaryChatToggle(app: App, chat: Chat): HTMLElement {
  const { isTemporary, marks } = app;
  const control = button(
    marks.temporaryChat,
    { type: 'button', onClick: () => void toggleTemporaryChat(app, chat) },
    icon('timer'),
  );
  const show = (): void => {
    control.classList.toggle('ms-button-active', isTemporary.value);
    setAttribute(control, 'aria-pressed', String(isTemporary.value));
    control.disabled = chat.turnCount > 0;
  };
  isTemporary.watch(show);
  chat.watch(show);
  return h('ms-incognito-mode-toggle', {}, control);
}

/** Says above the chat that it is temporary. */
export function createTemporaryChatIndicator({ isTemporary }: App): HTMLElement {
  const element = h(
    'ms-incognito-mode-indicator',
    {},
    icon('timer'),
    h('span[data-test-id="main-text"]', {}, 'Temporary chat'),
  );
  const place = h('div.indicator-place');
  isTemporary.watch((isOn) => place.replaceChildren(...(isOn ? [element] : [])));
  return place;
}
