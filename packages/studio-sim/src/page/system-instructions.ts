import { type App } from './app.ts';
import { button, field, fill, h, setAttribute } from './dom.ts';
import { CAPABILITY } from './model-record.ts';
import { createSelect } from './select-control.ts';

const HINT = 'Optional tone and style instructions for the model';
const UNSUPPORTED = 'System instructions are not supported for this model';

/** The card for the system instructions, and the panel where they are written (page.md §6.2). */
export function createSystemInstructions(app: App): HTMLElement {
  const { effects, settings, marks } = app;
  const place = h('div.card-place');
  effects.followPart(
    settings,
    ({ systemInstruction, model }) => [systemInstruction, takesSystem(model)] as const,
    ([text, isSupported]) => {
      const card = button(
        marks.systemCard,
        { disabledinteractive: true, disabled: !isSupported, onClick: () => openPanel(app) },
        h('span.title', {}, 'System instructions'),
        h('span.subtitle', {}, text === '' ? HINT : text.slice(0, 80)),
      );
      card.classList.add('mat-mdc-tooltip-trigger');
      card.classList.toggle('disabled-interactive', !isSupported);
      setAttribute(card, 'title', isSupported ? null : UNSUPPORTED);
      fill(place, card);
    },
  );
  return h(
    'ms-system-instructions-panel[prompttype="CHAT"]',
    {},
    place,
    h('ms-sliding-right-panel'),
  );
}

function takesSystem(model: App['settings']['value']['model']): boolean {
  return model?.capabilities.has(CAPABILITY.system) ?? true;
}

function openPanel(app: App): void {
  const { marks, overlays, settings, effects } = app;
  const status = h('span.saving-status', {}, 'Saved');
  const text = field(marks.systemText, { placeholder: HINT, rows: 12 });
  text.value = settings.value.systemInstruction;
  text.addEventListener('input', () => {
    settings.patch({ systemInstruction: text.value });
    effects.after(() => status.classList.add('visible'));
  });
  const preset = createSelect(
    app,
    'mat-select[aria-label="System instruction preset"]',
    () => [[0, '+ Create new instruction']],
    () => {},
  );
  preset.show(0);
  overlays.panel(
    'System instructions',
    h(
      'div.panel-content-wrapper',
      {},
      h(
        'ms-system-instructions',
        {},
        status,
        preset.element,
        h('input[aria-label="Title"][placeholder="Title"]'),
        text,
        h('p.subtitle', {}, 'Instructions are saved in local storage.'),
      ),
    ),
    'dialog-backdrop-blur-overlay',
  );
}
