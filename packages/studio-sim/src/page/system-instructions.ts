import { type App } from './app.ts';
import { button, field, fill, h } from './dom.ts';
import { icon } from './icons.ts';
import { bind } from './number-control.ts';

const HINT = 'Optional tone and style instructions for the model';

/** The card for the system instructions, and the panel where they are written (page.md §6.2). */
export function createSystemInstructions(app: App): HTMLElement {
  const summary = h('span.subtitle');
  const card = button(
    app.marks.systemCard,
    { onClick: () => openPanel(app) },
    h('span.title', {}, 'System instructions'),
    summary,
  );
  bind(
    app.settings,
    ({ systemInstruction }) => systemInstruction,
    (text) => {
      summary.textContent = text === '' ? HINT : text.slice(0, 80);
    },
  );
  return card;
}

function openPanel({ marks, overlays, settings }: App): void {
  const status = h('span.saving-status');
  const text = field(marks.systemText, { placeholder: HINT, rows: 12 });
  text.value = settings.value.systemInstruction;
  text.addEventListener('input', () => {
    settings.patch({ systemInstruction: text.value });
    fill(status, 'Saved');
  });
  const close = h(marks.closePanel, { onClick: () => overlay.close() }, icon('close'));
  const preset = h(
    'mat-select[role="combobox"][aria-label="System instruction preset"]',
    {},
    h('span.mat-mdc-select-value-text', {}, '+ Create new instruction'),
  );
  const content = h(
    marks.systemPanel,
    {},
    h(
      'ms-sliding-right-panel',
      {},
      h('div.panel-header', {}, h('h2', {}, 'System instructions'), status, close),
      preset,
      h('input[aria-label="Title"][placeholder="Title"]'),
      text,
    ),
  );
  const overlay = overlays.dialog(content, {
    backdrop: 'dialog-backdrop-blur-overlay',
    paneClass: 'right-panel-pane',
  });
}
