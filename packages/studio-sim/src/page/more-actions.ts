import { type App } from './app.ts';
import { type Chat } from './chat.ts';
import { button, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { openMenu } from './menu.ts';
import { preferences } from './preferences.ts';
import { toggleTemporaryChat } from './temporary-chat.ts';

/** The overflow menu of the toolbar: raw mode, and temporary chat in every generation (page.md §8). */
export function createMoreActions(app: App, chat: Chat): HTMLElement {
  const setRawMode = (): void => {
    preferences.save({ rawModeEnabled: !preferences.value.rawModeEnabled });
    chat.refresh();
  };
  const open = (): void => {
    openMenu(app.overlays, control, [
      {
        name: 'Temporary chat',
        glyph: 'timer',
        extra: [
          app.isTemporary.value && h('span[data-test-incognito-checkmark]', {}, icon('check')),
        ],
        onChoose: () => void toggleTemporaryChat(app, chat),
      },
      {
        name: 'Raw mode',
        glyph: 'code',
        extra: [preferences.value.rawModeEnabled && icon('check')],
        onChoose: setRawMode,
      },
    ]).onClosed(() => setAttribute(control, 'aria-expanded', 'false'));
    setAttribute(control, 'aria-expanded', 'true');
  };
  const control = button(
    'button[aria-label="View more actions"][aria-haspopup="menu"][aria-expanded="false"]',
    { type: 'button', onClick: open },
    icon('more_vert'),
  );
  return control;
}
