import { type App } from './app.ts';
import { h } from './dom.ts';
import { iconButton, msButton } from './ms-button.ts';
import { dialogBody } from './overlays.ts';

/** In the order of their codes 7 to 10. */
const CATEGORIES = ['Harassment', 'Hate', 'Sexually Explicit', 'Dangerous Content'];

/** The row of the safety settings, whose button opens a dialog (page.md §6.3). */
export function createSafetySettings(app: App): HTMLElement {
  const edit = msButton(
    'button.edit-safety-button[aria-label="Edit safety settings"]',
    'borderless',
    { onClick: () => openDialog(app) },
    ' Edit ',
  );
  return h(
    'div.settings-item.safety-settings.mat-mdc-tooltip-trigger[mattooltip="Adjust harmful response settings"]',
    {},
    h(
      'div.item-about.item-about-no-icon',
      {},
      h('div.item-description', {}, h('h3.item-description-title', {}, 'Safety settings')),
    ),
    h('div.item-input', {}, edit),
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
    iconButton('button[aria-label="close"]', 'close', { onClick: () => overlay.close() }),
  );
  const overlay = overlays.dialog(
    h('run-safety-settings', {}, dialogBody(heading, h('div', {}, ...sliders))),
  );
}
