import { type App } from './app.ts';
import { delay, fill, h } from './dom.ts';
import { icon } from './icons.ts';
import { type Model } from './model-record.ts';
import { createModelSelector } from './model-selector.ts';
import { iconButton, msButton } from './ms-button.ts';
import { preferences } from './preferences.ts';
import { createSafetySettings } from './safety-settings.ts';
import { mediaResolution, outputLength, temperature, topK, topP } from './sampling-settings.ts';
import { defaultSettings } from './settings.ts';
import { createStopSequences } from './stop-sequences.ts';
import { createStore, type Store } from './store.ts';
import { createSystemInstructions } from './system-instructions.ts';
import { createThinkingSettings } from './thinking-settings.ts';
import { createToolSettings } from './tool-settings.ts';

/** The panel on the right (page.md §6). */
export interface RunSettings {
  readonly element: HTMLElement;
  readonly isOpen: Store<boolean>;
  /** Opens the panel; in the document only while that is closed. */
  readonly toggle: HTMLElement;
}

const NARROW = 960;
const RENAMED_TOGGLE = 'button.inspector-switch[aria-label="Run parameters panel"]';

/**
 * Makes the panel, which is open in a wide window; its contents leave the DOM while it is closed. In
 * a narrow window, or with the `narrow-panel` fault, it lies over the prompt and covers Run.
 */
export function createRunSettings(app: App, onSelectModel: (model: Model) => void): RunSettings {
  const isRenamed = app.live.isOn('renamed-panel-toggle');
  const isOpen = createStore(window.innerWidth > NARROW && !isRenamed);
  const container = h('div.content-container');
  const element = h('ms-right-side-panel', {}, container);
  const content = panelContent(app, onSelectModel, () => isOpen.set(false));
  const toggle = h('div.toggles-container');
  const [mark, glyph] = isRenamed ? [RENAMED_TOGGLE, 'build'] : [app.marks.panelToggle, 'tune'];
  const opener = iconButton(mark, glyph, { onClick: () => isOpen.set(true) });
  const show = async (open: boolean): Promise<void> => {
    await delay(app.live.timing.panel);
    app.effects.after(() => {
      if (isOpen.value !== open) return;
      element.classList.toggle('open', open);
      content.classList.toggle('expanded', open);
      // In a narrow window the closed panel stays in the document, transparent and moved out.
      fill(container, (open || window.innerWidth <= NARROW) && content);
      fill(toggle, !open && opener);
    });
  };
  const lay = (): void => {
    const isOver = window.innerWidth <= NARROW || app.live.isOn('narrow-panel');
    element.classList.toggle('over-prompt', isOver);
  };
  isOpen.watch((open) => void show(open));
  window.addEventListener('resize', lay);
  app.live.watch(lay);
  return { element, isOpen, toggle };
}

function panelContent(
  app: App,
  onSelectModel: (model: Model) => void,
  onClose: () => void,
): HTMLElement {
  const { settings, marks } = app;
  const reset = (): void =>
    settings.set({
      ...defaultSettings(settings.value.model),
      systemInstruction: settings.value.systemInstruction,
    });
  const buttons = h(
    'div.right',
    {},
    h(
      'ms-get-code-button',
      {},
      msButton(
        'button#getCodeBtn.ms-button-small[aria-label="Get code"][data-test-get-code]',
        'borderless',
        {},
        icon('code'),
        ' Get code ',
      ),
    ),
    iconButton(
      'button#resetSettingsBtn.ms-button-small[aria-label="Reset default settings"]',
      'reset_settings',
      { onClick: reset },
    ),
    iconButton(marks.panelClose, 'close', { onClick: onClose }),
  );
  return h(
    'ms-run-settings.expanded',
    {},
    h('div.overlay-header', {}, h('h2.no-select.header-label', {}, 'Run settings'), buttons),
    h(
      'div.settings-items-wrapper',
      {},
      h(
        'div.scrollable-area',
        {},
        h(
          'ms-prompt-run-settings-switcher.settings-content',
          {},
          h('ms-prompt-run-settings', {}, ...groups(app, onSelectModel)),
        ),
      ),
    ),
  );
}

function groups(app: App, onSelectModel: (model: Model) => void): HTMLElement[] {
  const { marks } = app;
  return [
    h(
      'div.selector-container.field-group',
      {},
      h(
        'div.settings-item.settings-model-selector',
        {},
        h('div.item-input-form-field', {}, createModelSelector(app, onSelectModel)),
      ),
      createSystemInstructions(app),
    ),
    h('div.field-group', {}, temperature(app)),
    createThinkingSettings(app),
    group(app, 'Tools', marks.toolsExpander, 'areToolsOpen', [createToolSettings(app)]),
    group(app, 'Advanced settings', marks.advancedExpander, 'isAdvancedOpen', [
      mediaResolution(app),
      createSafetySettings(app),
      h(
        'div.advanced-settings',
        {},
        h(
          'div.settings-item.settings-item-column.mat-mdc-tooltip-trigger[mattooltip="Truncate response including and after string"]',
          {},
          createStopSequences(app),
        ),
        outputLength(app),
        topP(app),
        topK(app),
      ),
    ]),
  ];
}

/** A group that folds; open or not is remembered. Only the header's class tells which. */
function group(
  app: App,
  title: string,
  mark: string,
  preference: 'areToolsOpen' | 'isAdvancedOpen',
  rows: readonly HTMLElement[],
): HTMLElement {
  const expander = iconButton(mark, 'expand_more', { onClick: () => toggle() });
  expander.classList.add('expand-icon');
  const header = h(
    'div.settings-item.settings-group-header',
    {},
    h('div.item-about', {}, expander, h('p.group-title', {}, title)),
  );
  const element = h('div.field-group');
  const show = (): void => {
    const isOpen = preferences.value[preference];
    header.classList.toggle('expanded', isOpen);
    fill(element, header, ...(isOpen ? rows : []));
  };
  const toggle = (): void => {
    preferences.save({ [preference]: !preferences.value[preference] });
    void delay(app.live.timing.panel).then(() => app.effects.after(show));
  };
  show();
  return element;
}
