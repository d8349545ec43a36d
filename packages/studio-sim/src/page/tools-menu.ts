import { type App } from './app.ts';
import { fill, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { iconButton, msButton } from './ms-button.ts';
import { type Overlay } from './overlays.ts';
import { createSlideToggle } from './slide-toggle.ts';
import { setTool } from './tool-settings.ts';
import { isBlocked, isOffered, type Tool, TOOLS } from './tools.ts';

/** The tools button of the newest generation, and chips for what is on (page.md §4). */
export function createToolsMenu(app: App): HTMLElement {
  let dialog: Overlay | undefined;
  const open = (): void => {
    if (dialog?.isOpen) return dialog.close();
    dialog = openDialog(app, control);
    setAttribute(control, 'aria-expanded', 'true');
    dialog.onClosed(() => setAttribute(control, 'aria-expanded', null));
  };
  const control = msButton(
    'button.xap-inline-dialog[dialoglabel="Tools menu"][aria-label="Open tools menu"][aria-haspopup="dialog"]',
    'primary',
    { 'data-disabled': 'false', onClick: open },
    icon('widgets'),
    ' Tools ',
  );
  return h('ms-prompt-box-tools', {}, control, chips(app));
}

/** A dialog beside its button, neither Material dialog nor menu: a second set of switches. */
function openDialog(app: App, anchor: HTMLElement): Overlay {
  const { settings, overlays, effects } = app;
  const list = h('div.tools-dialog');
  const stop = settings.watch(() =>
    effects.after(() => {
      const { tools, model } = settings.value;
      const offered = TOOLS.filter((tool) => isOffered(tool, model));
      fill(
        list,
        ...offered.map((tool) =>
          toolItem(app, tool, tools.has(tool.name), isBlocked(tool, tools, model)),
        ),
      );
    }),
  );
  const box = anchor.getBoundingClientRect();
  const overlay = overlays.open(
    h('xap-inline-dialog-container[role="dialog"]', { 'aria-label': 'Tools menu' }, list),
    { paneClass: 'menu-pane', position: { x: box.left, y: box.top - 300 } },
  );
  const closeOutside = ({ target }: Event): void => {
    if (target instanceof Node && !list.contains(target) && !anchor.contains(target))
      overlay.close();
  };
  document.addEventListener('mousedown', closeOutside);
  overlay.onClosed(() => {
    stop();
    document.removeEventListener('mousedown', closeOutside);
  });
  return overlay;
}

function toolItem(app: App, tool: Tool, isOn: boolean, isDisabled: boolean): HTMLElement {
  const toggle = createSlideToggle(
    app.effects,
    'mat-slide-toggle.slide-toggle',
    `button[aria-label="${tool.title}"]`,
    (isWanted) => setTool(app, tool, isWanted),
  );
  toggle.show(isOn, isDisabled);
  return h('div.tool-item', {}, h('span.tool-label', {}, tool.title), toggle.element);
}

function chips(app: App): HTMLElement {
  const content = h('div.content-container');
  app.effects.followPart(
    app.settings,
    ({ tools }) => tools,
    (tools) =>
      fill(content, ...TOOLS.filter(({ name }) => tools.has(name)).map((tool) => chip(app, tool))),
  );
  return h(
    'ms-horizontal-scroll.enabled-tool-container',
    {},
    h(
      'div.scroll-container',
      {},
      iconButton('button.chevron-btn.left[aria-label="Scroll left"]', 'chevron_left'),
      content,
      iconButton('button.chevron-btn.right[aria-label="Scroll right"]', 'chevron_right'),
    ),
  );
}

function chip(app: App, tool: Tool): HTMLElement {
  return h(
    'div.enabled-tool',
    {},
    h(
      'button.tool-chip-button',
      {},
      icon('google', '.tool-icon'),
      h('span.tool-name', {}, tool.title),
    ),
    iconButton('button.ms-button-small', 'close', {
      'aria-label': `Remove ${tool.title}`,
      onClick: () => setTool(app, tool, false),
    }),
  );
}
