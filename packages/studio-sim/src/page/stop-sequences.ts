import { type App } from './app.ts';
import { field, fill, h } from './dom.ts';
import { iconButton } from './ms-button.ts';

const MOST = 5;

/** Stop sequences: Enter makes a chip of what is typed (page.md §6.3). */
export function createStopSequences(app: App): HTMLElement {
  const { settings, marks, effects } = app;
  const chips = h('div.mdc-evolution-chip-set__chips[role="presentation"]');
  const grid = h(
    'mat-chip-grid.mat-mdc-chip-set.mat-mdc-chip-grid.mdc-evolution-chip-set[required][aria-label="End Tokens"]',
    {},
    chips,
  );
  const input = field(marks.stopInput, { required: true });

  const add = (text: string): void => {
    const { stopSequences } = settings.value;
    if (text === '' || stopSequences.includes(text) || stopSequences.length >= MOST) return;
    input.value = '';
    settings.patch({ stopSequences: [...stopSequences, text] });
  };
  const remove = (text: string): void =>
    settings.patch({ stopSequences: settings.value.stopSequences.filter((each) => each !== text) });
  input.addEventListener('keydown', (event) => {
    if (event instanceof KeyboardEvent && event.key === 'Enter') add(input.value);
  });
  effects.followPart(
    settings,
    ({ stopSequences }) => stopSequences,
    (stopSequences) => fill(chips, ...stopSequences.map((text) => chip(text, () => remove(text)))),
  );
  return h(
    'ms-stop-sequence-input.end-tokens',
    {},
    h('div.input-chips-form', {}, h('label[for="chip-input"]', {}, 'Add stop sequence'), input),
    h('div.input-chips-grid', {}, grid),
  );
}

function chip(text: string, onRemove: () => void): HTMLElement {
  return h(
    'mat-chip-row.mat-mdc-chip.mat-mdc-chip-row',
    {},
    h('span.mdc-evolution-chip__text-label', {}, text),
    iconButton('button.remove-button', 'close', {
      'aria-label': `Remove ${text}`,
      onClick: onRemove,
    }),
  );
}
