import { type App } from './app.ts';
import { type Chat } from './chat.ts';
import { fill, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { iconButton, setDisabled } from './ms-button.ts';

/** Switches the temporary chat; refused once the chat has turns. */
export function toggleTemporaryChat({ isTemporary, effects }: App, chat: Chat): void {
  const wanted = !isTemporary.value;
  effects.after(() => chat.turnCount === 0 && isTemporary.set(wanted));
}

/** The toggle in the toolbar of the older generations (page.md §8). */
export function createTemporaryChatToggle(app: App, chat: Chat): HTMLElement {
  const { isTemporary, marks, effects } = app;
  const control = iconButton(marks.temporaryChat, 'timer', {
    onClick: () => toggleTemporaryChat(app, chat),
  });
  const show = (): void => {
    control.classList.toggle('ms-button-active', isTemporary.value);
    setAttribute(control, 'aria-pressed', String(isTemporary.value));
    setDisabled(control, chat.turnCount > 0);
  };
  effects.follow(isTemporary, show);
  chat.watch(() => effects.after(show));
  return h('ms-incognito-mode-toggle', {}, control);
}

/** Says above an older page's chat that it is temporary. */
export function createTemporaryChatIndicator({ isTemporary, effects, variant }: App): HTMLElement {
  const place = h('div.indicator-place');
  if (variant !== 'u3')
    effects.follow(isTemporary, (isOn) =>
      fill(
        place,
        isOn &&
          h(
            'ms-incognito-mode-indicator',
            {},
            icon('timer'),
            h('span[data-test-id="main-text"]', {}, 'Temporary chat'),
          ),
      ),
    );
  return place;
}

/** What an empty temporary chat of the newest page shows instead of the models. */
export function incognitoState(): HTMLElement {
  return h(
    'div.incognito-container',
    {},
    icon('timer', '.icon'),
    h('div.title', {}, 'Temporary chat'),
    h(
      'div.message',
      {},
      'Your conversations won’t be saved. However, any files you upload will be saved to your Google Drive. Logging policy still applies.',
    ),
  );
}
