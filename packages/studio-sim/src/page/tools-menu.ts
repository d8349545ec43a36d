import { type App } from './app.ts';
import { button, fill, h } from './dom.ts';
import { icon } from './icons.ts';
import { openMenu } from './menu.ts';
import { setTool } from './tool-settings.ts';
import { isBlocked, isOffered, TOOLS } from './tools.ts';

/** The tools menu of the newest generation, and chips for what is on (page.md §4). */
export function createToolsMenu(app: App): {
  readonly button: HTMLElement;
  readonly chips: HTMLElement;
} {
  const { settings, overlays } = app;
  const open = (): void => {
    const { tools, model } = settings.value;
    const offered = TOOLS.filter((tool) => isOffered(tool, model));
    openMenu(
      overlays,
      control,
      offered.map((tool) => ({
        name: tool.title,
        glyph: tools.has(tool.name) ? 'check' : 'add',
        mark: `button.mat-mdc-menu-item[role="menuitemcheckbox"][aria-checked="${tools.has(tool.name)}"]${
          isBlocked(tool, tools, model) ? '[disabled=""]' : ''
        }`,
        onChoose: () => setTool(app, tool, !tools.has(tool.name)),
      })),
    );
  };
  const control = button(
    'button[aria-label="Open tools menu"]',
    { type: 'button', 'aria-haspopup': 'menu', onClick: open },
    icon('tune'),
    'Tools',
  );
  const chips = h('div.tool-chips');
  settings.watch(({ tools }) =>
    fill(
      chips,
      ...TOOLS.filter(({ name }) => tools.has(name)).map((tool) =>
        h(
          'span.chip',
          {},
          tool.title,
          h(
            'button',
            { 'aria-label': `Remove ${tool.title}`, onClick: () => setTool(app, tool, false) },
            icon('close'),
          ),
        ),
      ),
    ),
  );
  return { button: control, chips };
}
