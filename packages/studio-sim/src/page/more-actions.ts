import { type App } from './app.ts';
import { type Chat } from './chat.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import { openMenu } from './menu.ts';
import { iconButton } from './ms-button.ts';
import { preferences } from './preferences.ts';
import { toggleTemporaryChat } from './temporary-chat.ts';

const ITEM = 'button.mat-mdc-menu-item[role="menuitem"]';

/** The overflow menu of the toolbar: temporary chat, raw mode and the rest (page.md §8). */
export function createMoreActions(app: App, chat: Chat): HTMLElement {
  const setRawMode = (): void => {
    preferences.save({ rawModeEnabled: !preferences.value.rawModeEnabled });
    app.effects.after(() => chat.refresh());
  };
  const open = (): void => {
    openMenu(app, control, [
      {
        name: 'Temporary chat',
        glyph: 'timer',
        mark: `${ITEM}[data-test-incognito-toggle]`,
        extra: [
          app.isTemporary.value && h('span[data-test-incognito-checkmark]', {}, icon('check')),
        ],
        onChoose: () => toggleTemporaryChat(app, chat),
      },
      { name: 'Save', glyph: 'save', mark: `${ITEM}[data-test-manual-save]` },
      { name: 'Make a copy', glyph: 'content_copy' },
      { name: 'Delete', glyph: 'delete' },
      {
        name: 'Raw Mode',
        glyph: 'code',
        mark: `${ITEM}[data-test-raw-mode]`,
        extra: [
          preferences.value.rawModeEnabled &&
            h('span[data-test-raw-mode-checkmark]', {}, icon('check')),
        ],
        onChoose: setRawMode,
      },
    ]);
  };
  const control = iconButton('button[aria-label="View more actions"]', 'more_vert', {
    mattooltip: 'View more actions',
    'aria-haspopup': 'menu',
    'aria-expanded': 'false',
    onClick: open,
  });
  return h('div.overflow-menu-wrapper', {}, control);
}
