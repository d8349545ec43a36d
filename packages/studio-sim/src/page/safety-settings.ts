import { type App } from './app.ts';
import { button, h } from './dom.ts';
import { icon } from './icons.ts';
import { dialogBody } from './overlays.ts';

/** In the order of their codes 7 to 10. */
const CATEGORIES = ['Harassment', 'Hate', 'Sexually Explicit', 'Dangerous Content'];

/** The button for the safety settings and the dialog behind it (page.md §6.3). */
export function createSafetySettings(app: App): HTMLElement {
  return button(
    'button.edit-safety-button[aria-label="Edit safety settings"]',
    { onClick: () => openDialog(app) },
    'Edit safety settings',
  );
}

function openDialog({ overlays, settings }: App): void {
  const sliders = CATEGORIES.map((name, index) => {
    const slider = h('input[type="range"][min="-5"][max="-1"][step="1"]', { 'aria-label': name });
    slider.value = String(-(settings.value.safety[index] ?? 5));
    slider.addEventListener('input', () =>
      settings.patch({ safety: settings.value.safety.with(index, -Number(slider.value)) }),
    );
    return h('label.safety-row', {}, h('span', {}, name), slider);
  });
  const heading = h(
    'span.dialog-heading',
    {},
    'Run safety settings',
    h('button[aria-label="close"]', { onClick: () => overlay.close() }, icon('close')),
  );
  const overlay = overlays.dialog(
    h('run-safety-settings', {}, dialogBody(heading, h('div', {}, ...sliders))),
  );
}
